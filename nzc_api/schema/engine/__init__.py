"""How an operation is run: read, reckoned, executed, its errors presented; it knows no topic."""
