"""The guide's requirements: how far a pilot meets each, and what shows it."""
