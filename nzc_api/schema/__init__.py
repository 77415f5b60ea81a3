"""The GraphQL schema: Strawberry types, a file a topic."""
