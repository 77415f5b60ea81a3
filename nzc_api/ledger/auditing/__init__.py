"""Checking everything anew, without trusting a rule or a guard."""
