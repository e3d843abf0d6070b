"""The crash laboratory: the service as real processes, killed at any moment, and what came of it counted."""
