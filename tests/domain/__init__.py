"""Rules, tested by plain calls."""
