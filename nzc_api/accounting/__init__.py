"""What one line of an inventory emits: units, factors, warming potentials, exact arithmetic. Pure."""
