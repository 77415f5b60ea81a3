"""The database refuses what the ledger forbids, also from a bug and from hand-typed SQL.

How to read this folder. A small good state is made once, through the API (``story.py``). Then come the
attacks, a file a family of tables, as in migrations/guards: what is tried, which guard must stop it, and
the SQL. Every attack (``attacks.py``) runs in a transaction of its own that is rolled back, as the
tables' owner and, unless it says otherwise, also as the API's role. It counts as stopped only if
PostgreSQL names that very guard: take the guard away, and the attack's test fails. ``GOOD`` is what must
pass, so that an attack is refused for what is wrong about it alone.

In the SQL, ``$name`` stands for a number of the story: ``$head`` is the log's last position, ``$p``,
``$p2``, ``$p3``, ``$p4`` the four after it, which are in the log before every attack that does not
itself attack the log. Ranges are half-open: 301 to before 401 are the serials 301 to 400.

``test_every_guard.py`` reads the guards' names from the database and the migrations, and fails if one of
them has no attack.
"""
