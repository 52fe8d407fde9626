"""Bookings: codes of appointments, the service and the time they are for. Nothing personal."""
