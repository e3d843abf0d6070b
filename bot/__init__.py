"""Samskab: a chat-based participation bot for co-created policy."""
