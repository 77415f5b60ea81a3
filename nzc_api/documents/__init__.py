"""Documents: what is said to be known from where. Of a file NZC keeps what
identifies it, and its bytes where they are uploaded."""
