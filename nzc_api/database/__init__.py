"""PostgreSQL: how it is started, reached, migrated and checked."""
