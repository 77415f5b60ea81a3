"""Choosing pilots (section 二 of the guide): applications, what they claim, how that is judged, what is decided."""
