"""The kiosk: where a visitor takes a number. It draws what the server tells it."""
