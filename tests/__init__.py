"""Tests: they mirror the package; behaviour is tested through public doors, on real PostgreSQL."""

from nzc_api.garbage import look_seldom

look_seldom()  # Before all that tests load.
