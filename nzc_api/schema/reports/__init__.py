"""The report of an inventory, as GraphQL."""
