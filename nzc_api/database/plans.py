"""How PostgreSQL is to find rows, for the rest of a transaction."""

# Every statement has its index and reads it in order, up to its limit. Plans that were made while a
# table was small must not read it whole when it has grown, nor half of an index to save a few rows.
BY_INDEX = ", ".join(
    f"set_config('{setting}', 'off', true)"
    for setting in (
        "enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "jit",
    )
)  # fmt: skip
