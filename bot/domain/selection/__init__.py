"""Selecting a panel: who can sit where, with what chance, by what lottery, and who comes next."""
