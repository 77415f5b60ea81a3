"""NZC: the system of record for Guangdong's near-zero-carbon pilots."""
