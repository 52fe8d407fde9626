"""The display: the boards of the hall and the voice that calls numbers."""
