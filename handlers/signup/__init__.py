"""Signing up: what we do with what you write, how you want to take part, what fits you, and how to reach you."""

from handlers.signup.applying import router

__all__ = ["router"]
