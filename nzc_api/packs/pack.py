"""What packs there are, and making them: of a pilot's year, and of an evaluation."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from nzc_api.ids import Position
from nzc_api.packs import questions
from nzc_api.packs.archive import Archive
from nzc_api.packs.asking import Api, Asking
from nzc_api.packs.parts import OF_PERIOD, OF_PILOT, PackedScope, Packing, documents, evaluation
from nzc_api.refusal import Failed

# What the form of a pack is called: another form is another number.
FORM = 2

NOT_OPENED = "该评价在所问的位置尚未开展", "The evaluation was not opened by that position"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack to be made: what it is ``about``, and its ``parts`` but for the documents that these name."""

    packing: Packing
    about: Mapping[str, Any]
    parts: Sequence[Callable[[], Awaitable[None]]]

    @property
    def archive(self) -> Archive:
        return self.packing.archive

    async def made(self) -> AsyncGenerator[bytes, None]:
        """The ZIP, as it is made: no more of it is held than a part, and of documents than a piece of one."""
        for part in self.parts:
            await part()
            yield self.archive.take()
        async for piece in documents(self.packing):
            yield piece
        position = str(self.packing.asking.position)
        await self.archive.close({"pack": FORM, **self.about, "asOfPosition": position})
        yield self.archive.take()


async def pack_of_year(api: Api, code: str, year: int, position: int | None = None) -> Pack:
    """The pack of a pilot's year. Raises ``Failed`` where there is no such pilot, year or position."""
    begun = await api.ask(questions.YEAR, code=code, year=year)
    pilot = begun["pilot"]
    if pilot is None:
        raise Failed(f"没有代码为{code}的试点", f"there is no pilot with the code {code}")
    if pilot["accountingPeriod"] is None:
        raise Failed(
            f"试点{code}没有{year}年的核算期", f"{code} has no accounting period of {year}"
        )
    packing = _packing(api, begun, position)
    scope = await _scope(packing, pilot["id"], period=pilot["accountingPeriod"]["id"])
    return Pack(packing, {"pilot": code, "year": year}, _parts(scope, *OF_PILOT, *OF_PERIOD))


async def pack_of_evaluation(api: Api, wanted: str, position: int | None = None) -> Pack:
    """The pack of an evaluation by its id: of its pilot, and of those of its range with their accounting periods, each
    in its folder. Raises ``Failed`` where there is no such evaluation or position."""
    begun = await api.ask(questions.RANGE, id=wanted)
    found = begun["node"]
    if not found:
        raise Failed(f"没有评价{wanted}", f"there is no evaluation {wanted}")
    packing = _packing(api, begun, position)
    if not packing.asking.is_there(found):
        raise Failed(*NOT_OPENED)
    scope = PackedScope(packing, found["pilot"]["id"])
    ranged = {pilot["id"]: pilot["code"] for pilot in found["rangePilots"]}
    parts = [partial(evaluation, scope, wanted)]
    for pilot, code in ({scope.pilot: found["pilot"]["code"]} | ranged).items():
        parts += _parts(await _scope(packing, pilot, f"{code}/"), *OF_PILOT)
        for period in await _periods(packing, pilot, found) if pilot in ranged else ():
            folder = f"{code}/{period['startsOn']}_{period['endsOn']}/"
            parts += _parts(
                PackedScope(packing=packing, pilot=pilot, folder=folder, period=period["id"]),
                *OF_PERIOD,
            )
    return Pack(packing, {"evaluation": wanted, "pilot": found["pilot"]["code"]}, parts)


def _packing(api: Api, begun: Any, position: int | None) -> Packing:
    head = Position(int(begun["log"]["position"]))
    if position is not None and not 1 <= position <= head:
        raise Failed(f"日志的位置应为1至{head}", f"a position of the log is 1 to {head}")
    return Packing(Asking(api, head if position is None else Position(position)), Archive())


async def _scope(packing: Packing, pilot: str, folder: str = "", period: str = "") -> PackedScope:
    asked = await packing.asking.ask(questions.SIGHT, id=pilot)
    return PackedScope(
        packing=packing,
        pilot=pilot,
        folder=folder,
        period=period,
        open=asked["node"]["viewerSeesUnpublished"],
    )


async def _periods(packing: Packing, pilot: str, within: Any) -> list[Any]:
    """The accounting periods of a pilot that an evaluation has in its range; days are written so that text compares."""
    found = await packing.asking.walk(questions.PERIODS, id=pilot)
    starts, ends = within["startsOn"], within["endsOn"]
    return [period for period in found if starts <= period["startsOn"] and period["endsOn"] <= ends]


def _parts(scope: PackedScope, *parts: Callable[[PackedScope], Awaitable[None]]) -> list[Any]:
    return [partial(part, scope) for part in parts]
