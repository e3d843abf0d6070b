"""What we remember: tables, and functions that take a transaction and values."""
