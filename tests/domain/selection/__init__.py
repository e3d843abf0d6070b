"""Selecting a panel, tested by plain calls."""
