"""How PostgreSQL is to find rows, for the rest of a transaction."""

# Every statement has its index and reads it in order, up to its limit. Plans that were made while a
# table was small must not read it whole when it has grown, nor half of an index to save a few rows.
# So there is nothing to learn from what is sent, either: each statement is planned once.
_SETTINGS = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}

# As columns of a statement; as commands of their own; and the end of it.
BY_INDEX = ", ".join(
    f"set_config('{setting}', '{value}', true)" for setting, value in _SETTINGS.items()
)
SET_BY_INDEX = "; ".join(f"SET LOCAL {setting} = {value}" for setting, value in _SETTINGS.items())
SET_FREELY = "; ".join(f"SET LOCAL {setting} TO DEFAULT" for setting in _SETTINGS)
