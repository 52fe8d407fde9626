"""The ways to a device: memory, serial ports, TCP. A link carries bytes and knows no device."""
