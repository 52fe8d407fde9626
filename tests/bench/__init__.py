"""Measurements against the promised figures; `make bench` runs them all. See docs/performance.md."""
