"""The regulator's page of numbers: all pilots of a year together, by kind and by city."""
