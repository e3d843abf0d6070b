"""The platforms people write from: each turns its own requests into our events, and our messages into its own."""
