"""The GraphQL schema: Strawberry types, a folder a topic."""
