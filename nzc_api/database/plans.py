"""How PostgreSQL is to plan: each statement once in a session; for the rest of a transaction, how rows are found."""

# Every statement has its index, so there is nothing to learn from what is sent: a plan that is made for it costs more
# than what it finds.
ONCE = {"jit": "off", "plan_cache_mode": "force_generic_plan"}

# Plans that were made while a table was small must not read it whole when it has grown.
_ALWAYS = {"enable_seqscan": "off"}

# And reads it in order, up to its limit, not half of an index to save a few rows. Texts are searched in no such order.
_IN_ORDER = {"enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}

# As columns of a statement.
BY_INDEX = ", ".join(
    f"set_config('{setting}', '{value}', true)" for setting, value in (_ALWAYS | _IN_ORDER).items()
)


def _set(settings: dict[str, str]) -> str:
    return "; ".join(f"SET LOCAL {setting} TO {value}" for setting, value in settings.items())


# As commands: what a transaction that reads begins with, and then for some of its statements.
SET_FOR_READING = _set(_ALWAYS)
SET_BY_INDEX = _set(_IN_ORDER)
UNSET_BY_INDEX = _set(dict.fromkeys(_IN_ORDER, "DEFAULT"))
