"""Relay connections: keyset cursors, at most 100 at a time, in a stable order."""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from nzc_api.database.paging import Direction, Page
from nzc_api.log.ids import POSITION_BITS
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.kit.fields import AT_MOST, argument, dear
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.unkept import UNKEPT

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
D = TypeVar("D")

DEFAULT_FIRST = 20
LARGEST_FIRST = 100

# Objects of one selection are asked for the same page.
KNOWN_PAGES = 1_000

# Accounts, or the positions of times, may be looked up first.
STATEMENTS_OF_A_COUNT = 3

# The size of a page is reckoned where it is asked for.
IN_PAGE = {AT_MOST: 1}

_POSITION = re.compile("0|[1-9][0-9]{0,18}")

First = Annotated[int, argument("How many to return, from 1 to 100.")]
After = Annotated[str | None, argument("A cursor: return what follows it.")]
Last = Annotated[
    int | None, argument("Instead of `first`: how many to return of the list's end, from 1 to 100.")
]
Before = Annotated[str | None, argument("A cursor: with `last`, return what precedes it.")]

# How many a list has: asked only where a client asks.
Count = Callable[[], Awaitable[int]]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="Whether more follows the page; with `last`, whether it ended at a cursor."
    )
    has_previous_page: bool = strawberry.field(
        description="Whether something precedes it; with `first`, whether it started at a cursor."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first item.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the page's last item: pass it as `after` for the next page."
    )


@strawberry.type(description="An item of a list, with its cursor.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Names the item's place in the list.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(name="Connection", description="A page of a list.")
class Trail(Generic[T]):
    """A page of a list whose length nobody knows without walking all of it."""

    @strawberry.field(description="The items with their cursors.", metadata=IN_PAGE)
    def edges(self) -> list[Edge[T]]:
        return [Edge(cursor=self.cursor(n), node=node) for n, node in enumerate(self.items)]

    @strawberry.field(description="The items.", metadata=IN_PAGE)
    def nodes(self) -> list[T]:
        return self.items

    @strawberry.field(description="Where the page lies.")
    def page_info(self) -> PageInfo:
        return PageInfo(
            has_next_page=self.follows,
            has_previous_page=self.precedes,
            start_cursor=self.cursor(0) if self.items else None,
            end_cursor=self.cursor(len(self.items) - 1) if self.items else None,
        )

    items: strawberry.Private[list[T]]
    # Of what the items are; and the key of each, asked only where a client asks for cursors.
    rows: strawberry.Private[Sequence[Any]]
    key: strawberry.Private[Callable[[Any], int | str]]
    follows: strawberry.Private[bool]
    precedes: strawberry.Private[bool]

    def cursor(self, number: int) -> str:
        """The cursor of an item."""
        return encode_cursor(self.key(self.rows[number]))


@strawberry.type(description="A page of a list.")
class Connection(Trail[T]):
    count: strawberry.Private[Count]

    @dear("How many the whole list has, exactly.", statements=STATEMENTS_OF_A_COUNT)
    async def total_count(self) -> int:
        return await self.count()


def encode_cursor(key: int | str) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str, field: str = "after") -> str:
    """The key that a cursor names; raises ``Refused`` for anything that is no cursor of ours."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        start, _, key = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(":")
        )
    except (ValueError, binascii.Error):
        raise _not_a_cursor(cursor, field) from None
    if start != "after" or encode_cursor(key) != cursor:
        raise _not_a_cursor(cursor, field)
    return key


@lru_cache(maxsize=KNOWN_PAGES)
def page_by_key(
    first: int,
    after: str | None,
    read: Callable[[str], Any],
    direction: Direction = Direction.ASC,
    *,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """The page that a client asks for of a list whose cursors hold keys; ``read`` makes a key of
    a cursor's text, or None of what is no key of that list."""
    if last is None:
        if before is not None:
            raise _refused("before", before, "与last一起使用", "together with `last`")
        return Page(checked_size("first", first), _key(read, after, "after"), direction)
    if after is not None:
        raise _refused("after", after, "与first一起使用", "together with `first`")
    if first != DEFAULT_FIRST:
        raise _refused("first", str(first), "first与last只用其一", "either `first` or `last`")
    other = Direction.DESC if direction is Direction.ASC else Direction.ASC
    key = _key(read, before, "before")
    return Page(checked_size("last", last), key, other, backwards=True)


def page_by_position(
    first: int,
    after: str | None,
    direction: Direction = Direction.ASC,
    *,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """The page that a client asks for of a list ordered by position."""
    return page_by_key(first, after, position_in, direction, last=last, before=before)


def page_by_text(
    first: int,
    after: str | None,
    direction: Direction = Direction.ASC,
    *,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """The page that a client asks for of a list ordered by a text."""
    return page_by_key(first, after, _text, direction, last=last, before=before)


def page_of(
    rows: Iterable[D], page: Page, key: Callable[[D], Any], node: Callable[[D], T]
) -> Connection[T]:
    """The page of a list that is at hand, in the order of its keys, none of which is there twice."""
    descending = page.direction is Direction.DESC
    ordered = sorted(rows, key=key, reverse=descending)
    following = [row for row in ordered if _follows(key(row), page.after, descending=descending)]

    async def count() -> int:
        return len(ordered)

    return connection(following[: page.first + 1], page, key, node, count)


def connection(
    rows: Sequence[D],
    page: Page,
    key: Callable[[D], int | str],
    node: Callable[[D], T],
    count: Count,
    *,
    more: bool = False,
) -> Connection[T]:
    """The connection of a page's rows, of which there is one more where another page follows, of a
    list that has so many in all. ``more``: one follows whose rows are not at hand."""
    shown = _shown(rows, page)
    follows, precedes = _beyond(rows, page, more=more)
    return Connection(
        items=[node(row) for row in shown], rows=shown, key=key, follows=follows, precedes=precedes, count=count
    )  # fmt: skip


def trail(
    rows: Sequence[D], page: Page, key: Callable[[D], int | str], node: Callable[[D], T]
) -> Trail[T]:
    """The same of a list that is walked and not counted."""
    shown = _shown(rows, page)
    follows, precedes = _beyond(rows, page, more=False)
    return Trail(
        items=[node(row) for row in shown], rows=shown, key=key, follows=follows, precedes=precedes
    )


def counted(loader: Loader[K, int | None] | Loader[K, int], key: K) -> Count:
    """The number that a loader of numbers has for a key: nothing is 0."""

    async def count() -> int:
        return await loader.load(key) or 0

    return count


async def none_counted() -> int:
    """The number where whoever asks sees nothing of it."""
    return 0


def _shown(rows: Sequence[D], page: Page) -> Sequence[D]:
    """Those rows of a page that are in it, as they are shown."""
    shown = rows if len(rows) <= page.first else rows[: page.first]
    return shown[::-1] if page.backwards else shown


def _beyond(rows: Sequence[Any], page: Page, *, more: bool) -> tuple[bool, bool]:
    """Whether something follows a page, and precedes it."""
    onwards, before = more or len(rows) > page.first, page.after is not None
    return (before, onwards) if page.backwards else (onwards, before)


def _follows(key: Any, after: Any, *, descending: bool) -> bool:
    return after is None or (key < after if descending else key > after)


def _key(read: Callable[[str], Any], cursor: str | None, field: str) -> Any:
    if cursor is None:
        return None
    key = read(decode_cursor(cursor, field))
    if key is None:
        raise _not_a_cursor(cursor, field)
    return key


def _text(key: str) -> str | None:
    return None if UNKEPT.search(key) else key


def position_in(key: str) -> int | None:
    """The position that a cursor's text is; None of what is none that a log can have."""
    return int(key) if _POSITION.fullmatch(key) and not int(key) >> POSITION_BITS else None


def checked_size(field: str, size: int, largest: int = LARGEST_FIRST) -> int:
    """The size of a page that is asked for; raises ``Refused`` for one that none has."""
    if 1 <= size <= largest:
        return size
    zh, en = f"1至{largest}", f"a number from 1 to {largest}"
    raise _refused(field, str(size), zh, en)


def _refused(field: str, value: str, zh: str, en: str) -> Refused:
    return Refused(InvalidInput(path=(field,), value=value[:80], expected_zh=zh, expected_en=en))


def _not_a_cursor(cursor: str, field: str) -> Refused:
    zh = "同一列表此前返回的游标，原样传入"
    return _refused(field, cursor, zh, "a cursor of this very list, exactly as this API gave it")
