"""Pilots: who applies, what their boundary is and which pilot surrounds it, their periods."""
