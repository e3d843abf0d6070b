"""The service as a real process, from start to end."""
