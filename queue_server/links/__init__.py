"""Devices and the hall, joined: what a unit reports becomes a command, what the hall does becomes an order."""
