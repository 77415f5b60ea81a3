"""Asking the API as of a pack's position, as whoever it is made for sees it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from nzc_api.ids import Position


class Questions(Protocol):
    """The API, from without or from within. All raise where it cannot answer."""

    async def ask(self, query: str, **given: Any) -> Any:
        """The data of the answer."""


class Api(Questions, Protocol):
    """The API, with its files."""

    async def document(self, document: str) -> AsyncIterator[bytes] | None:
        """The bytes of a document, part by part; None where they are not kept."""

    async def report(self, inventory: str, position: Position) -> AsyncIterator[bytes] | None:
        """The report of an inventory as PDF, in Chinese; None where nothing is installed that makes it."""


Asked = TypeVar("Asked", bound=Questions)


@dataclass(frozen=True, slots=True)
class Asking(Generic[Asked]):
    """What a pack asks of the API, as of a position."""

    api: Asked
    position: Position

    async def ask(self, query: str, **given: Any) -> Any:
        return await self.api.ask(query, asOf=str(self.position), **given)

    async def walk(self, query: str, **given: Any) -> list[Any]:
        """The rows of a list, asked page by page; of those that have positions, the ones that there were by then."""
        found: list[Any] = []
        after = None
        while True:
            page = walked(await self.ask(query, after=after, **given))
            if page is None:
                return found
            found += filter(self.is_there, page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def is_there(self, row: Any) -> bool:
        """Whether a row was there by the pack's position."""
        return "position" not in row or int(row["position"]) <= self.position


def walked(data: Any) -> Any:
    """The page in an answer, wherever it is; None where what has it is not there, or not seen."""
    while data is not None and "walked" not in data:
        data = next(iter(data.values()), None)
    return None if data is None else data["walked"]
