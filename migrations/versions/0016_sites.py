"""Sites: what was stated of where pilots and projects are, what is at one site, and what was found of it; issuances in
parts; projects that are placed in pilots later.

What was issued before is not suspected now: only what is issued from now on is compared with it."""

import sqlalchemy as sa
from alembic import op

from nzc_api.pilots.addresses import read_address

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# The same as `number_key` of numbers.
NUMBER_KEY = """regexp_replace(regexp_replace(regexp_replace(translate(upper({of} COLLATE "C"),
                   '([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'),
                   '(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"""

TABLES = (
    f"""
    CREATE TABLE site (
        position bigint NOT NULL,
        subject_id bigint NOT NULL,
        address text,
        division_code text,
        latitude numeric,
        longitude numeric,
        code text,
        code_key text GENERATED ALWAYS AS ({NUMBER_KEY.format(of="code")}) STORED,
        key text,
        district text,
        CONSTRAINT site_pkey PRIMARY KEY (position),
        CONSTRAINT site_coordinates_check CHECK ((latitude IS NULL) = (longitude IS NULL))
    )
    """,
    "CREATE INDEX site_code_key_idx ON site (code_key)",
    "CREATE INDEX site_key_idx ON site (key)",
    "CREATE INDEX site_latitude_longitude_idx ON site (latitude, longitude)",
    "CREATE INDEX site_subject_id_position_idx ON site (subject_id, position)",
    """
    CREATE TABLE same_site (
        subject_id bigint NOT NULL,
        other_id bigint NOT NULL,
        by text NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT same_site_pkey PRIMARY KEY (subject_id, other_id, by),
        CONSTRAINT same_site_order_check CHECK (other_id < subject_id),
        CONSTRAINT same_site_later_check CHECK (subject_id <= position),
        CONSTRAINT same_site_by_check CHECK (by IN ('SITE_CODE', 'COORDINATES', 'ADDRESS', 'LOCALITY'))
    )
    """,
    "CREATE INDEX same_site_other_id_idx ON same_site (other_id)",
    """
    CREATE TABLE same_site_resolution (
        position bigint NOT NULL,
        subject_id bigint NOT NULL,
        other_id bigint NOT NULL,
        finding text NOT NULL,
        CONSTRAINT same_site_resolution_pkey PRIMARY KEY (position),
        CONSTRAINT same_site_resolution_subject_id_other_id_key UNIQUE (subject_id, other_id),
        CONSTRAINT same_site_resolution_finding_check CHECK (finding IN ('DISTINCT', 'SAME'))
    )
    """,
    """
    CREATE TABLE project_placement (
        position bigint NOT NULL,
        project_id bigint NOT NULL,
        pilot_id bigint,
        CONSTRAINT project_placement_pkey PRIMARY KEY (position),
        CONSTRAINT project_placement_project_id_fkey FOREIGN KEY(project_id) REFERENCES project (id),
        CONSTRAINT project_placement_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id)
    )
    """,
    "CREATE INDEX project_placement_project_id_position_idx ON project_placement (project_id, position)",
    "CREATE INDEX project_placement_pilot_id_idx ON project_placement (pilot_id)",
    "GRANT SELECT, INSERT ON site, same_site, same_site_resolution, project_placement TO nzc_api",
    "ALTER TABLE credit_batch ADD COLUMN issuance text",
    "ALTER TABLE credit_batch ADD COLUMN issuance_quantity bigint",
    f"""ALTER TABLE credit_batch ADD COLUMN issuance_key text
        GENERATED ALWAYS AS ({NUMBER_KEY.format(of="issuance")}) STORED""",
    "ALTER TABLE credit_batch ADD COLUMN compared boolean NOT NULL DEFAULT false",
    "ALTER TABLE credit_batch ALTER COLUMN compared SET DEFAULT true",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_issuance_check CHECK "
    "((issuance IS NULL) = (issuance_quantity IS NULL) AND quantity <= issuance_quantity)",
    "CREATE INDEX credit_batch_programme_issuance_key_idx ON credit_batch (programme, issuance_key) "
    "WHERE issuance IS NOT NULL",
)

# What projects stated so far. Those that are at one site by its code, or within 100 m, or by their address.
SITES = (
    "INSERT INTO same_site (subject_id, other_id, by, position) "
    "SELECT one.subject_id, other.subject_id, 'SITE_CODE', one.position FROM site AS one "
    "JOIN site AS other ON other.code_key = one.code_key AND other.subject_id < one.subject_id",
    "INSERT INTO same_site (subject_id, other_id, by, position) "
    "SELECT one.subject_id, other.subject_id, CASE WHEN one.key LIKE '%:' THEN 'LOCALITY' ELSE 'ADDRESS' END, "
    "one.position FROM site AS one "
    "JOIN site AS other ON other.key = one.key AND other.subject_id < one.subject_id "
    "AND (coalesce(other.district = one.district, one.key NOT LIKE '%:') "
    "OR coalesce(other.district, one.district) IS NULL)",
    "INSERT INTO same_site (subject_id, other_id, by, position) "
    "SELECT one.subject_id, other.subject_id, 'COORDINATES', one.position FROM site AS one "
    "JOIN site AS other ON other.subject_id < one.subject_id "
    "AND other.latitude BETWEEN one.latitude - 0.001 AND one.latitude + 0.001 "
    "AND 12742017.6 * asin(least(1, sqrt(power(sin(radians(other.latitude - one.latitude) / 2), 2) "
    "+ cos(radians(one.latitude)) * cos(radians(other.latitude)) "
    "* power(sin(radians(other.longitude - one.longitude) / 2), 2)))) <= 100",
)

WITHOUT = (
    "DROP INDEX project_site_code_idx",
    "DROP INDEX project_latitude_longitude_idx",
    "DROP INDEX project_division_code_site_key_idx",
    "ALTER TABLE project DROP COLUMN site_key",
)

# The pilot that a project lies in for what is posted at a position.
PILOT_OF_PROJECT = f"""
CREATE FUNCTION nzc_pilot_of_project(of_project bigint, at_position bigint) RETURNS bigint
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT CASE WHEN latest.position IS NULL THEN p.pilot_id ELSE latest.pilot_id END
      FROM project AS p
      LEFT JOIN LATERAL (SELECT position, pilot_id FROM project_placement
                          WHERE project_id = p.id AND position < at_position
                          ORDER BY position DESC LIMIT 1) AS latest ON true
     WHERE p.id = of_project
$$
"""

# What is certainly at one site is recorded before the site is: by code, by the same coordinates, by the same address (a
# key that ends with a colon is a locality). How near is near, a setting says, which the database does not know.
SITE_COMPARED = f"""
CREATE FUNCTION nzc_site_compared() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT a.position INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            SELECT subject_id FROM site WHERE code_key = a.code_key
            UNION SELECT subject_id FROM site WHERE latitude = a.latitude AND longitude = a.longitude
            UNION SELECT subject_id FROM site
                   WHERE key = a.key AND a.key NOT LIKE '%:' AND coalesce(district = a.district, true)
           ) AS other
     WHERE other.subject_id <> a.subject_id
       AND NOT EXISTS (SELECT FROM same_site AS s
                        WHERE s.subject_id = greatest(a.subject_id, other.subject_id)
                          AND s.other_id = least(a.subject_id, other.subject_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('same_site_is_recorded', format('position %s', wrong));
    END IF;
    SELECT a.position INTO wrong
      FROM added AS a
     WHERE NOT EXISTS (SELECT FROM project WHERE id = a.subject_id)
       AND NOT EXISTS (SELECT FROM pilot WHERE id = a.subject_id) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('site_is_of_something', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# What is resolved was found to be at one site.
RESOLVED = f"""
CREATE FUNCTION nzc_same_site_resolved() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM same_site
                    WHERE subject_id = NEW.subject_id AND other_id = NEW.other_id AND position < NEW.position) THEN
        PERFORM nzc_refuse('same_site_is_found_first', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# One activity and day is issued in one form, and once (rule 2): batches of one site that share a day are recorded as a
# suspicion, and nothing else is. Two blocks of one project and programme are parts of one issuance where both say so.
# Of two projects that have no more than their locality in common, only the batches of two programmes are suspected.
# Of one batch the oldest are recorded, up to the rule's bound (``MOST_DOUBLES``).
CHECK_DOUBLES = f"""
CREATE OR REPLACE FUNCTION nzc_check_doubles(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT b.id INTO wrong
      FROM credit_batch AS b
      JOIN credit_batch AS other
        ON other.project_id = b.project_id AND other.id < b.id AND other.programme = b.programme
       AND other.by_certificate <> b.by_certificate
       AND other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
     WHERE b.id BETWEEN first AND last LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_in_one_form', format('position %s', wrong));
    END IF;

    SELECT id INTO wrong FROM credit_batch WHERE id BETWEEN first AND last AND NOT compared LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('batch_is_compared', format('position %s', wrong));
    END IF;

    SELECT max(part.id) INTO wrong
      FROM (SELECT DISTINCT programme, issuance_key FROM credit_batch
             WHERE id BETWEEN first AND last AND issuance IS NOT NULL) AS issued
      JOIN credit_batch AS part USING (programme, issuance_key)
     GROUP BY programme, issuance_key
    HAVING sum(part.quantity) > min(part.issuance_quantity)
        OR count(DISTINCT (part.project_id, part.reductions_registered_on, part.issuance_quantity)) > 1 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issuance_has_its_parts', format('position %s', wrong));
    END IF;

    -- All that is alike has the same doubles, apart from those that came after it.
    WITH alike AS (
        SELECT project_id, programme, issuance_key, produced_from, produced_to,
               max(id) AS latest, array_agg(id) AS ids
          FROM credit_batch WHERE id BETWEEN first AND last
         GROUP BY project_id, programme, issuance_key, produced_from, produced_to
    ), pair AS (
        SELECT b.id AS batch_id, other.id AS other_id
          FROM alike
         CROSS JOIN LATERAL (
                SELECT found.id
                  FROM (SELECT alike.project_id, true AS near
                        UNION ALL
                        SELECT beside.project_id, bool_or(beside.near)
                          FROM (SELECT s.other_id, s.by <> 'LOCALITY' FROM same_site AS s
                                 WHERE s.subject_id = alike.project_id
                                UNION ALL
                                SELECT s.subject_id, s.by <> 'LOCALITY' FROM same_site AS s
                                 WHERE s.other_id = alike.project_id) AS beside (project_id, near)
                         GROUP BY beside.project_id) AS here
                 CROSS JOIN LATERAL (
                        SELECT c.id FROM credit_batch AS c
                         WHERE c.project_id = here.project_id AND c.id < alike.latest
                           AND (here.near OR c.programme <> alike.programme)
                           AND (c.programme = alike.programme AND c.issuance_key = alike.issuance_key) IS NOT TRUE
                           AND c.produced_from <= alike.produced_to AND alike.produced_from <= c.produced_to
                         ORDER BY c.id LIMIT 100) AS found
                 ORDER BY found.id LIMIT 100) AS other
         CROSS JOIN LATERAL unnest(alike.ids) AS b (id)
         WHERE other.id < b.id
    ), recorded AS (
        SELECT batch_id, other_id FROM double_issuance WHERE batch_id BETWEEN first AND last
    )
    SELECT batch_id INTO wrong
      FROM pair FULL JOIN recorded USING (batch_id, other_id)
     WHERE pair.other_id IS NULL OR recorded.other_id IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('double_issuance_is_recorded', format('position %s', wrong));
    END IF;
END $$
"""


def _mend(function: str, old: str, new: str) -> None:
    """Put a part of a guard in place of another."""
    op.execute(f"""
        DO $mend$
        DECLARE
            found text := pg_get_functiondef('{function}'::regprocedure);
            mended text := replace(found, $old${old}$old$, $new${new}$new$);
        BEGIN
            IF mended = found THEN
                RAISE EXCEPTION '{function} is not as it was made';
            END IF;
            EXECUTE mended;
        END $mend$
    """)


# The end of the check of movements, as 0002 made it: reductions from inside the boundary.
INSIDE = """    WITH RECURSIVE inside (position, pilot_id, outer_id) AS (
        SELECT m.position, credit.pilot_id, p.pilot_id
          FROM movement AS m
          JOIN credit_batch AS b ON b.id = m.batch_id
          JOIN project AS p ON p.id = b.project_id AND p.pilot_id IS NOT NULL
          JOIN account AS credit ON credit.id = m.credit_id
           AND credit.kind IN ('PENDING', 'RETIREMENT')
         WHERE m.position BETWEEN first AND last
        UNION
        SELECT inside.position, inside.pilot_id, latest.surrounding_id
          FROM inside
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = inside.outer_id
                                AND pilot_placement.position < inside.position
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT position INTO wrong FROM inside WHERE outer_id = pilot_id LIMIT 1;
"""

# Reductions produced inside a pilot's boundary never offset it (rule 5): of a project that lies in it, or is at the site of a
# pilot that it may be in, as long as that was not found distinct; or in one that lies in it, or shares ground with it. (Sources
# are those of few projects; each holds for what is posted after it, and up to what ends it.)
CHECK_INSIDE = """WITH RECURSIVE moved AS MATERIALIZED (
        SELECT m.position, credit.pilot_id, b.project_id
          FROM movement AS m
          JOIN credit_batch AS b ON b.id = m.batch_id
          JOIN account AS credit ON credit.id = m.credit_id
           AND credit.kind IN ('PENDING', 'RETIREMENT')
         WHERE m.position BETWEEN first AND last
    ), source AS (
        SELECT of.project_id, lies.pilot_id, lies.since, lies.until
          FROM (SELECT DISTINCT project_id FROM moved) AS of
         CROSS JOIN LATERAL (
                SELECT placed.pilot_id, placed.position AS since,
                       lead(placed.position) OVER (ORDER BY placed.position) AS until
                  FROM (SELECT 0::bigint AS position, pilot_id FROM project WHERE id = of.project_id
                        UNION ALL
                        SELECT position, pilot_id FROM project_placement
                         WHERE project_id = of.project_id) AS placed
                UNION ALL
                SELECT beside.pilot_id, beside.position, r.position
                  FROM (SELECT other_id AS pilot_id, position FROM same_site
                         WHERE subject_id = of.project_id AND by <> 'LOCALITY'
                        UNION ALL
                        SELECT subject_id, position FROM same_site
                         WHERE other_id = of.project_id AND by <> 'LOCALITY') AS beside
                  JOIN pilot ON pilot.id = beside.pilot_id
                  LEFT JOIN same_site_resolution AS r
                    ON r.subject_id = greatest(beside.pilot_id, of.project_id)
                   AND r.other_id = least(beside.pilot_id, of.project_id) AND r.finding = 'DISTINCT') AS lies
         WHERE lies.pilot_id IS NOT NULL
    ), inside (position, pilot_id, outer_id, shared) AS (
        SELECT moved.position, moved.pilot_id, source.pilot_id, false
          FROM moved
          JOIN source ON source.project_id = moved.project_id AND source.since < moved.position
                     AND (source.until IS NULL OR moved.position <= source.until)
        UNION
        SELECT inside.position, inside.pilot_id, next.id, inside.shared OR next.shared
          FROM inside
         CROSS JOIN LATERAL (
                SELECT latest.surrounding_id AS id, false AS shared
                  FROM (SELECT surrounding_id FROM pilot_placement
                         WHERE pilot_placement.pilot_id = inside.outer_id
                           AND pilot_placement.position < inside.position
                         ORDER BY position DESC LIMIT 1) AS latest
                UNION ALL
                SELECT other_id, true FROM pilot_overlap
                 WHERE pilot_overlap.pilot_id = inside.outer_id
                   AND pilot_overlap.position < inside.position AND NOT inside.shared
                UNION ALL
                SELECT pilot_overlap.pilot_id, true FROM pilot_overlap
                 WHERE other_id = inside.outer_id
                   AND pilot_overlap.position < inside.position AND NOT inside.shared) AS next
         WHERE next.id IS NOT NULL
    )
    SELECT position INTO wrong FROM inside WHERE outer_id = pilot_id LIMIT 1;
"""

# What may be one reduction issued twice serves nobody until that is resolved (rule 2). Asked only of credits that come to
# serve somebody (`OFFSET 0`), and of each half of a suspicion by its own index.
DOUBTED = """    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN account AS credit ON credit.id = m.credit_id
       AND credit.kind IN ('PENDING', 'RETIREMENT', 'OTHER_USE')
     WHERE m.position BETWEEN first AND last
       AND EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.batch_id < m.position
                      AND (d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT'
                           OR d.other_id = m.batch_id AND r.finding IS NULL)) LIMIT 1;
"""
CHECK_DOUBTED = """SELECT m.position INTO wrong
      FROM (SELECT moved.position, moved.batch_id
              FROM movement AS moved
              JOIN account AS credit ON credit.id = moved.credit_id
               AND credit.kind IN ('PENDING', 'RETIREMENT', 'OTHER_USE')
             WHERE moved.position BETWEEN first AND last OFFSET 0) AS m
     WHERE EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT')
        OR EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.other_id = m.batch_id AND d.batch_id < m.position AND r.finding IS NULL) LIMIT 1;
"""

OWN_SINK = (
    "nzc_lies_in(p.pilot_id, credit.pilot_id, m.position)",
    "nzc_lies_in(nzc_pilot_of_project(p.id, m.position), credit.pilot_id, m.position)",
)

APPEND_ONLY = ("site", "same_site", "same_site_resolution", "project_placement")
LOGGED = (
    ("site", "position"), ("same_site", "position"), ("same_site_resolution", "position"),
    ("project_placement", "position"),
)  # fmt: skip
JUDGED_BY = (
    ("same_site", "position"), ("same_site_resolution", "position"), ("project_placement", "position"),
    ("pilot_overlap", "position"),
)  # fmt: skip


def _backfill() -> None:
    connection = op.get_bind()
    projects = connection.execute(
        sa.text(
            "SELECT id, site, division_code, latitude, longitude, site_code FROM project ORDER BY id"
        )
    )
    rows = []
    for p in projects:
        found = read_address(p.site, p.division_code)
        rows.append({
            "position": p.id, "address": p.site, "division": p.division_code, "latitude": p.latitude,
            "longitude": p.longitude, "code": p.site_code, "key": found and found.key,
            "district": found and found.district,
        })  # fmt: skip
    if rows:
        connection.execute(
            sa.text(
                "INSERT INTO site (position, subject_id, address, division_code, latitude, longitude, code, key, "
                "district) VALUES (:position, :position, :address, :division, :latitude, :longitude, :code, :key, "
                ":district)"
            ),
            rows,
        )


def upgrade() -> None:
    """Add it, and take what there is as it was stated."""
    for statement in TABLES:
        op.execute(statement)
    _backfill()
    for statement in (*SITES, *WITHOUT, PILOT_OF_PROJECT, SITE_COMPARED, RESOLVED, CHECK_DOUBLES):
        op.execute(statement)
    _mend("nzc_check_movements(bigint, bigint)", INSIDE.strip(), CHECK_INSIDE.strip())
    _mend("nzc_check_movements(bigint, bigint)", DOUBTED.strip(), CHECK_DOUBTED.strip())
    _mend("nzc_check_movements(bigint, bigint)", *OWN_SINK)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        )
    for table, column in LOGGED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        )
    for table, column in JUDGED_BY:
        op.execute(
            f"CREATE TRIGGER {table}_comes_first AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('{column}')"
        )
    op.execute(
        "CREATE TRIGGER site_compared AFTER INSERT ON site REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_site_compared()"
    )
    op.execute(
        "CREATE TRIGGER same_site_resolution_found_first AFTER INSERT ON same_site_resolution "
        "FOR EACH ROW EXECUTE FUNCTION nzc_same_site_resolved()"
    )


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
