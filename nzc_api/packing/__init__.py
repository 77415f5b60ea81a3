"""``nzc pack``, ``nzc evidence`` and ``nzc export``: what the API has of a pilot's year, and of the log, in files; from
any machine, over HTTP."""
