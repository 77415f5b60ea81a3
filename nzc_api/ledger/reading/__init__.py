"""Reading the ledger back: what was posted, what of it counts, whose it is, as of any position."""
