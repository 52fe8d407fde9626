"""Files that past releases wrote and every later one must read."""
