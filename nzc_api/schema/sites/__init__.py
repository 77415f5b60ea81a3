"""Where pilots and projects are, and what is at one site."""
