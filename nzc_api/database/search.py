"""Finding a text in names: any part of them, in either language, whatever the case of Latin letters."""

from sqlalchemy import (
    DDL,
    Column,
    ColumnElement,
    Text,
    TextClause,
    and_,
    event,
    func,
    literal,
    text,
)

from nzc_api.database.metadata import metadata

# The characters of a text and its pairs of neighbours, for indexes. (Trigrams, of `pg_trgm`, know no
# Chinese in a database whose locale is C, and no word of two characters in any.)
GRAMS = """
    CREATE FUNCTION nzc_grams(wanted text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(DISTINCT substr(lower(wanted), start, size)), '{}')
              FROM generate_series(1, length(wanted)) AS start, generate_series(1, 2) AS size
             WHERE start + size - 1 <= length(wanted))
"""

event.listen(metadata, "before_create", DDL(GRAMS))  # type: ignore[no-untyped-call]


def grams_of(first: str, *others: str) -> TextClause:
    """What an index is on, so that the columns are searched; as PostgreSQL writes it."""
    joined = first
    for column in others:
        joined = f"({joined if joined == first else f'({joined})'} || '\n') || {column}"
    return text(f"nzc_grams({joined})")


def searched(*columns: Column[str]) -> ColumnElement[str]:
    """What is searched of a row: the columns, a line each. Its index is on `nzc_grams` of this."""
    joined: ColumnElement[str] = columns[0]
    for column in columns[1:]:
        joined = joined.op("||")(literal("\n", Text, literal_execute=True)).op("||")(column)
    return joined


def found_in(names: ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """Whether the names have ``wanted`` in it. All its pairs of characters are found by the index."""
    return and_(
        func.nzc_grams(names).op("@>")(func.nzc_grams(wanted)),
        func.strpos(func.lower(names), func.lower(wanted)) > 0,
    )
