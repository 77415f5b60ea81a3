"""Evidence to take away: the working papers of a pilot's year in one signed file, and checking that without NZC."""
