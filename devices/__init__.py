"""Drivers for the printers, keypads and lamps of a hall. Nothing here knows of queues."""
