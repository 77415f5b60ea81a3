"""Where in a mutation's arguments something is: fields of a command, as GraphQL spells them."""

from collections.abc import Sequence

from strawberry.utils.str_converters import to_camel_case

# The argument of every mutation; and its field with the items of a request of many.
INPUT = "input"
ITEMS = "items"


def spelled(path: Sequence[str]) -> list[str]:
    """Names of fields as GraphQL spells them; a name that is spelled so already stays."""
    return [to_camel_case(name) for name in path]


def path_of(path: tuple[str, ...], item: int | None = None) -> list[str]:
    """Where in the arguments a refusal is, of the request's ``item`` of that number."""
    within, place = _seen(path)
    number = within if item is None else item
    return [INPUT, *([] if number is None else [ITEMS, str(number)]), *spelled(place)]


def item_of(path: tuple[str, ...], item: int | None) -> int | None:
    """The number of the item of a request that was refused for it."""
    return _seen(path)[0] if item is None else item


def _seen(path: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    """The number of the item that a path is in, and the place there. One that begins with the argument is spelled
    already: it is the schema's own, or was kept with a key when every path was so, before December 2026."""
    place = path[1:] if path[:1] == (INPUT,) else path
    if place[:1] == (ITEMS,) and len(place) > 1:
        return int(place[1]), place[2:]
    return None, place
