"""What the values of enums are called."""
