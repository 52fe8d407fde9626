"""The queue of a hall: one writer, one journal, and the doors people and machines reach it by."""
