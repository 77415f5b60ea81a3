"""The log's entries as a feed."""
