"""What happens without an event: writing in groups, sending at a pace, and what is due by the clock."""
