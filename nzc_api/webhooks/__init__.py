"""Webhooks: endpoints of organisations, to which the events that they follow are posted in order."""
