"""What events carry: the facts of each kind of entry, as they were at its position."""
