"""Targets: how far a pilot's net may reach in each year until it is zero, and whether it does."""
