"""Relay connections: keyset cursors, at most 100 at a time, in a stable order."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from nzc_api.database.paging import Direction, Page
from nzc_api.log.ids import POSITION_BITS
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.characters import UNKEPT
from nzc_api.schema.fields import AT_MOST, argument

T = TypeVar("T")
D = TypeVar("D")

DEFAULT_FIRST = 20
LARGEST_FIRST = 100

# The size of a page is reckoned where it is asked for.
IN_PAGE = {AT_MOST: 1}

POSITION = re.compile("0|[1-9][0-9]{0,18}")

First = Annotated[int, argument("How many to return, from 1 to 100.")]
After = Annotated[str | None, argument("A cursor: return what follows it.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows the page.")
    has_previous_page: bool = strawberry.field(description="Whether the page started at a cursor.")
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first item.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the page's last item: pass it as `after` for the next page."
    )


@strawberry.type(description="An item of a list, with its cursor.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Names the item's place in the list.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(
        description="The items with their cursors.", metadata=IN_PAGE
    )
    nodes: list[T] = strawberry.field(description="The items.", metadata=IN_PAGE)
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


def encode_cursor(key: int | str) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> str:
    """The key that a cursor names; raises ``Refused`` for anything that is no cursor of ours."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        start, _, key = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(":")
        )
    except (ValueError, binascii.Error):
        raise _not_a_cursor(cursor) from None
    if start != "after" or encode_cursor(key) != cursor:
        raise _not_a_cursor(cursor)
    return key


def page_by_key(
    first: int,
    after: str | None,
    read: Callable[[str], Any],
    direction: Direction = Direction.ASC,
) -> Page:
    """The page that a client asks for of a list whose cursors hold keys; ``read`` makes a key of
    a cursor's text, or None of what is no key of that list."""
    if after is None:
        return Page(_checked_first(first), None, direction)
    key = read(decode_cursor(after))
    if key is None:
        raise _not_a_cursor(after)
    return Page(_checked_first(first), key, direction)


def page_by_position(first: int, after: str | None, direction: Direction = Direction.ASC) -> Page:
    """The page that a client asks for of a list ordered by position."""
    return page_by_key(first, after, _position, direction)


def page_by_text(first: int, after: str | None, direction: Direction = Direction.ASC) -> Page:
    """The page that a client asks for of a list ordered by a text."""
    return page_by_key(first, after, lambda key: None if UNKEPT.search(key) else key, direction)


def page_of(
    rows: Iterable[D], page: Page, key: Callable[[D], Any], node: Callable[[D], T]
) -> Connection[T]:
    """The page of a list that is at hand, in the order of its keys, none of which is there twice."""
    following = [
        row for row in sorted(rows, key=key) if page.after is None or key(row) > page.after
    ]
    return connection(following[: page.first + 1], page, key, node)


def connection(
    rows: Sequence[D], page: Page, key: Callable[[D], int | str], node: Callable[[D], T]
) -> Connection[T]:
    """The connection of a page's rows, of which there is one more where another page follows."""
    shown = rows[: page.first]
    edges = [Edge(cursor=encode_cursor(key(row)), node=node(row)) for row in shown]
    return Connection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=PageInfo(
            has_next_page=len(rows) > page.first,
            has_previous_page=page.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _position(key: str) -> int | None:
    return int(key) if POSITION.fullmatch(key) and not int(key) >> POSITION_BITS else None


def _checked_first(first: int) -> int:
    if 1 <= first <= LARGEST_FIRST:
        return first
    raise Refused(
        InvalidInput(
            path=("first",),
            value=str(first),
            expected_zh=f"1至{LARGEST_FIRST}",
            expected_en=f"a number from 1 to {LARGEST_FIRST}",
        )
    )


def _not_a_cursor(cursor: str) -> Refused:
    return Refused(
        InvalidInput(
            path=("after",),
            value=cursor[:80],
            expected_zh="同一列表此前返回的游标，原样传入",
            expected_en="a cursor of this very list, exactly as this API gave it",
        )
    )
