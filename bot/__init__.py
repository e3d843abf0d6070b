"""Samskab: a chat-based participation bot for co-created policy."""

import gc

# What is imported stays. To look through it for cycles as often as Python would took a tenth of each start.
gc.set_threshold(50_000, 20, 20)
