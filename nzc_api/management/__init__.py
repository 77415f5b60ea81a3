"""Management: posts and who holds them, duties of units, rules in force, and upkeep."""
