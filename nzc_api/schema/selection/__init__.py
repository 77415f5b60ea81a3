"""Choosing pilots: applications, claims, judgements, decisions."""
