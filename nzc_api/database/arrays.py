"""Whole numbers for PostgreSQL, and words and days, many at once."""

from collections.abc import Iterable, Sequence


def columns(rows: Iterable[Sequence[int]], names: str) -> dict[str, str]:
    """The columns of rows by their ``names``, each an array as PostgreSQL writes it.

    As text, because asyncpg asks of each element of an array whether it is one itself, which takes
    three times as long as writing it here and reading it there.
    """
    wanted = names.split()
    found = list(zip(*rows, strict=True)) or [()] * len(wanted)
    return {name: array(column) for name, column in zip(wanted, found, strict=True)}


def unnested(names: str) -> str:
    """SQL for the rows whose columns were sent under those names."""
    return f"unnest({', '.join(map(sent, names.split()))})"


def sent(name: str) -> str:
    """SQL for the array that was sent under the name."""
    return f"CAST(CAST(:{name} AS text) AS bigint[])"


def array(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL writes it."""
    return f"{{{repr(list(numbers))[1:-1]}}}"


def text_array(items: Iterable[object]) -> str:
    """An array of our own words, or of days, as PostgreSQL writes it: none has a sign that needs quotes."""
    return f"{{{','.join(map(str, items))}}}"
