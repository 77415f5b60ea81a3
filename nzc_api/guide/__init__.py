"""Guangdong's guide for near-zero-carbon pilots, as data. Pure: no I/O but its own files."""
