"""Monitoring, as GraphQL."""
