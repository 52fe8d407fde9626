"""How long a citizen will wait: the hall's own policy run ahead of the clock, and what a service takes."""
