"""Groups of commands, and what every command needs."""
