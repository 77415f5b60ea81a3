"""Following the log: everyone reads the same entries, in order, from where they stopped."""
