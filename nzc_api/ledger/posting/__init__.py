"""Deciding what is posted: commands, the rules and verbs that decide them, the state they need, and the poster."""
