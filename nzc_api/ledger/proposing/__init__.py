"""Orders that wait for a second person."""
