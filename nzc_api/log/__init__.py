"""The one log: every accepted change of state, at a dense position, behind one head."""
