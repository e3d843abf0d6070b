"""Platforms: what they parse, what they render, and how they keep a strict service's rules."""
