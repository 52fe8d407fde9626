"""The promises of the hall, checked."""
