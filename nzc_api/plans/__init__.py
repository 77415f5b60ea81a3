"""Plans: what a pilot builds, by when, within which budget of carbon; what was reached of it, and that it is built."""
