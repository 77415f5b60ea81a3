"""Documents: what is said to be known from where. Of a file NZC keeps what identifies it, not its bytes."""
