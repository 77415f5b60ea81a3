"""A meter's day counts once with what is around the meter and inside it, whichever is said first: that it is inside
another one, or that both are handed in. And what is inside a meter goes as it does, or stays inside: what is generated
is no part of what is bought.

What was handed in twice so before stands; the next meter that is placed, or inventory that is handed in, is judged by
itself alone."""

from alembic import op

revision = "0053"
down_revision = "0050"
branch_labels = None
depends_on = None

METERS_AROUND = """
CREATE OR REPLACE FUNCTION public.nzc_meters_around(meter bigint)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    WITH RECURSIVE around (meter_id) AS (
        SELECT $1
        UNION
        SELECT latest.parent_id
          FROM around
         CROSS JOIN LATERAL (SELECT parent_id FROM meter_placement AS p
                              WHERE p.meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.parent_id IS NOT NULL
    )
    SELECT meter_id FROM around
$function$;
"""

LINES_THAT_COUNT = """
CREATE OR REPLACE FUNCTION public.nzc_inventory_counts(inventory inventory)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT $1.submitted_position IS NOT NULL
       AND NOT EXISTS (SELECT FROM inventory AS later
                        WHERE later.series_id = $1.series_id AND later.version > $1.version
                          AND later.verified_position IS NOT NULL)
$function$;
"""

DAYS_COUNT_ONCE = """
CREATE OR REPLACE FUNCTION public.nzc_meter_days_count_once()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF OLD.submitted_position IS NULL AND NEW.submitted_position IS NOT NULL AND EXISTS (
        WITH own AS (
            SELECT l.line_id, l.meter_id, l.starts_on, l.ends_on, around.meter_id AS within
              FROM line_meter AS l CROSS JOIN LATERAL nzc_meters_around(l.meter_id) AS around (meter_id)
             WHERE l.inventory_id = NEW.id
        ), other AS (
            SELECT l.line_id, l.meter_id, l.starts_on, l.ends_on, around.meter_id AS within
              FROM inventory AS o
              JOIN line_meter AS l ON l.inventory_id = o.id
             CROSS JOIN LATERAL nzc_meters_around(l.meter_id) AS around (meter_id)
             WHERE (o.pilot_id, o.basis) = (NEW.pilot_id, NEW.basis)
               AND (o.id = NEW.id OR o.series_id <> NEW.series_id AND nzc_inventory_counts(o))
        )
        SELECT FROM own JOIN other ON other.meter_id = own.within AND other.line_id <> own.line_id
           AND daterange(other.starts_on, other.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')
        UNION ALL
        SELECT FROM own JOIN other ON own.meter_id = other.within AND other.line_id <> own.line_id
           AND daterange(other.starts_on, other.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
"""

METER_PLACED = """
CREATE OR REPLACE FUNCTION public.nzc_meter_placed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM meter AS m JOIN meter AS p ON p.id = NEW.parent_id
                WHERE m.id = NEW.meter_id AND (m.pilot_id, m.carrier) <> (p.pilot_id, p.carrier)) THEN
        PERFORM nzc_refuse('submeter_of_one_pilot', format('position %s', NEW.position));
    END IF;
    IF EXISTS (SELECT FROM meter AS m JOIN meter AS p ON p.id = NEW.parent_id
                WHERE m.id = NEW.meter_id AND m.flow NOT IN (p.flow, 'INTERNAL')) THEN
        PERFORM nzc_refuse('submeter_goes_its_way', format('position %s', NEW.position));
    END IF;
    -- Each is found once, so that a ring ends the walk too.
    IF EXISTS (
        WITH RECURSIVE around (meter_id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT latest.parent_id
              FROM around
             CROSS JOIN LATERAL (SELECT parent_id FROM meter_placement AS p
                                  WHERE p.meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
        )
        SELECT FROM around WHERE meter_id = NEW.meter_id) THEN
        PERFORM nzc_refuse('meter_not_inside_itself', format('position %s', NEW.position));
    END IF;
    IF EXISTS (
        SELECT FROM meter AS inner_meter
          JOIN line_meter AS part ON part.meter_id = inner_meter.id
          JOIN inventory AS i ON i.id = part.inventory_id
          JOIN line_meter AS whole ON whole.meter_id IN (SELECT nzc_meters_around(NEW.parent_id))
           AND daterange(whole.starts_on, whole.ends_on, '[]') && daterange(part.starts_on, part.ends_on, '[]')
          JOIN inventory AS o ON o.id = whole.inventory_id AND (o.pilot_id, o.basis) = (i.pilot_id, i.basis)
           AND (o.id = i.id OR o.series_id <> i.series_id)
         WHERE inner_meter.pilot_id = (SELECT pilot_id FROM meter WHERE id = NEW.meter_id)
           AND NEW.parent_id IS NOT NULL
           AND NEW.meter_id IN (SELECT nzc_meters_around(inner_meter.id))
           AND nzc_inventory_counts(i) AND nzc_inventory_counts(o)) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
"""


def upgrade() -> None:
    """Ask of nested meters as they are placed, and as inventories are handed in."""
    for statement in (METERS_AROUND, LINES_THAT_COUNT, DAYS_COUNT_ONCE, METER_PLACED):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
