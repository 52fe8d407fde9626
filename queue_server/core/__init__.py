"""The rules of the hall: pure functions over values, with no clock, chance or input and output."""
