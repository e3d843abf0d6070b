"""The words that cross the border between people's platforms and what we do."""
