"""How an operation is run: read, reckoned, executed by short ways, its errors presented; it knows no topic."""
