"""What a pack is: its parts, what is asked of the API for each, and the ZIP of them; whoever makes it."""
