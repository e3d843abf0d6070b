"""Everything that shows the product works, from plain rules to whole conversations."""
