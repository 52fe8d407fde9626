"""Simulated devices on memory links, ptys and TCP. Production never imports this."""
