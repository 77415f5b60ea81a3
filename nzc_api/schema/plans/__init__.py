"""Plans, as GraphQL: what a pilot builds, by when, and what was reached of it."""
