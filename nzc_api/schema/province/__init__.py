"""All pilots of a year together, by kind and by city, as GraphQL."""
