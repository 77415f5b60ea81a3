"""Files of registries, utilities and building systems, of any length, sent to an NZC by its API."""
