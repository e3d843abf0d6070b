"""The first-party platform: pages that work on any phone, with or without scripts."""
