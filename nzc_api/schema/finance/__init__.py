"""Finance: what pays for measures, and what is pledged for it."""
