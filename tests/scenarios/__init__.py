"""Scenarios that read as conversations."""
