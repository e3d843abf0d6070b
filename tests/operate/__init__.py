"""What whoever runs the service does beside running it."""
