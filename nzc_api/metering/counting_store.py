"""The SQL of which readings, bills and intervals count: as of a position, or now."""

# A reading counts where no later one is of the same time, and it has a value. That is looked up by the index for each
# (OFFSET 0): joined, it would be reckoned for the whole table where few rows are wanted.
CURRENT_POINT = """NOT EXISTS (SELECT FROM register_reading AS later
    WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
      AND later.position > r.position AND later.position <= {as_of} OFFSET 0)
  AND r.value IS NOT NULL AND r.position <= {as_of}"""
CURRENT_SPAN = """NOT EXISTS (SELECT FROM consumption AS later
    WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
      AND later.position > c.position AND later.position <= {as_of} OFFSET 0)
  AND c.quantity IS NOT NULL AND c.position <= {as_of}"""

# Intervals that are blocks by themselves, and those that are told of with others, one by one.
ONE = """(SELECT meter_id, starts_at, ends_at, position, estimated, quantities[1] AS quantity
             FROM interval_block WHERE cardinality(quantities) = 1)"""
SEVERAL = """(SELECT b.meter_id, b.starts_on, b.starts_at + (n - 1) * b.seconds * interval '1 second' AS starts_at,
                     b.starts_at + n * b.seconds * interval '1 second' AS ends_at, b.position, b.estimated, i.quantity
                FROM interval_block AS b
               CROSS JOIN LATERAL unnest(b.quantities) WITH ORDINALITY AS i (quantity, n)
               WHERE cardinality(b.quantities) > 1)"""
# What corrects an interval begins with it, and begins its block. ``+ 0``: by their positions blocks would be looked for
# among all that came before.
CURRENT_INTERVAL = """NOT EXISTS (SELECT FROM interval_block AS later
    WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
      AND later.position > c.position AND later.position <= {as_of} OFFSET 0)
  AND c.quantity IS NOT NULL AND c.position + 0 <= {as_of}"""

# That intervals ``c`` of ``SEVERAL`` reach into the time from a moment to another: none is longer than a day.
REACHING = """c.meter_id = {meter} AND c.starts_at < {last} AND c.ends_at > {first}
           AND c.starts_on >= CAST({first} AT TIME ZONE INTERVAL '+08:00' AS date) - 1
           AND c.starts_on <= CAST({last} AT TIME ZONE INTERVAL '+08:00' AS date)"""

NOW_POINT = CURRENT_POINT.format(as_of="9223372036854775807")
NOW_SPAN = CURRENT_SPAN.format(as_of="9223372036854775807")
NOW_INTERVAL = CURRENT_INTERVAL.format(as_of="9223372036854775807")
AS_OF_POINT = CURRENT_POINT.format(as_of="CAST(:as_of AS bigint)")
AS_OF_SPAN = CURRENT_SPAN.format(as_of="CAST(:as_of AS bigint)")
AS_OF_INTERVAL = CURRENT_INTERVAL.format(as_of="CAST(:as_of AS bigint)")

# The readings ``r`` of the register of the meter ``k.id`` from the last one before ``bounds.first`` to the first one
# after ``bounds.last``.
POINTS_ABOUT = f"""r.meter_id = k.id AND {AS_OF_POINT}
                   AND r.at >= coalesce((
                       SELECT r.at FROM register_reading AS r
                        WHERE r.meter_id = k.id AND r.at <= bounds.first AND {AS_OF_POINT}
                        ORDER BY r.at DESC LIMIT 1), bounds.first)
                   AND r.at <= coalesce((
                       SELECT r.at FROM register_reading AS r
                        WHERE r.meter_id = k.id AND r.at >= bounds.last AND {AS_OF_POINT}
                        ORDER BY r.at LIMIT 1), bounds.last)"""  # noqa: S608  (our own text)
