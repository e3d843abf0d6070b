"""What a few people have said could point at somebody."""

FEWEST = 5  # people or answers; a number below this is not shown
