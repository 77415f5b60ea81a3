"""The report that section 三 of the guide asks of each kind of pilot, and its files."""
