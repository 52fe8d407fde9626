"""Who may do what: tokens of devices, accounts of people, browser sessions and the pairing of screens."""
