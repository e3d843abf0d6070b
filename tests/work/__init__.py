"""What happens without an event."""
