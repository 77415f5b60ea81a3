"""GHG inventories: emission sources, sinks, and their way from draft to verified."""
