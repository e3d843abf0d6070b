"""Attacks on what the service promises, by somebody who holds more than any outsider should."""
