"""Who may do what: organisations, their roles and API keys."""
