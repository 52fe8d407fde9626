"""The journal keeps what it was given."""
