"""The peers: echo bots on other libraries. Each is a program of its own and imports nothing of ours."""
