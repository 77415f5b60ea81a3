"""Some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """So many at a time, the last ones fewer."""
    source = iter(items)
    while some := list(islice(source, size)):
        yield some
