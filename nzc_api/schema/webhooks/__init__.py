"""Webhooks: endpoints, to which the events that they follow are posted."""
