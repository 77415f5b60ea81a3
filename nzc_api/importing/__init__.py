"""The file lane: a registry's file of any length, sent to an NZC through its API."""
