"""Finance: what pays for measures, and which of their savings are pledged for it."""
