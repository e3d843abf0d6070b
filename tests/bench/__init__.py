"""Benchmarks: the service beside its peers, by turns in one run. `make bench`, or `make bench ONLY=name` for one."""
