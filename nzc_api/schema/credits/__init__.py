"""Projects, batches of credits, and all that is posted in the ledger."""
