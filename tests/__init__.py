"""Tests: they mirror the package; behaviour is tested through public doors, on real PostgreSQL."""
