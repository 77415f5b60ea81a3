"""Rehearsing: what would become of commands, decided as the poster decides them, and nothing kept."""

from collections.abc import Mapping

from nzc_api.ids import Position
from nzc_api.ledger.errors.orders import ItemsConflict
from nzc_api.ledger.posting.cache import Cache
from nzc_api.ledger.posting.decide import Decider, RefusedItem
from nzc_api.ledger.posting.load import Loader
from nzc_api.ledger.posting.posting_unit import PostingUnit, decide_unit
from nzc_api.ledger.posting.preview import PostingPreview, previewed
from nzc_api.log import store as log_store
from nzc_api.log.model import Outcome
from nzc_api.log.service import Log, key_reused, replay
from nzc_api.refusal import Refusal

# What would be of each command of a unit; or the outcome that the unit would have: a refusal, or that of an
# earlier request with its key.
Rehearsed = list[PostingPreview] | Outcome

Scope = tuple[int, str]


async def rehearse(
    log: Log, units: Mapping[int, PostingUnit], most_alone: int | None
) -> dict[int, Rehearsed]:
    """What would become of units, were they posted now one after another; they are named by their numbers."""
    found: dict[int, Rehearsed] = {
        number: malformed
        for number, unit in units.items()
        if (malformed := unit.malformed()) is not None
    }
    async with log.rehearsal() as (connection, head):
        waiting = {number: unit for number, unit in units.items() if number not in found}
        answered = await log_store.read_outcomes(connection, [u.key for u in waiting.values()])
        for number, unit in tuple(waiting.items()):
            if unit.key in answered:
                found[number] = replay(answered[unit.key], unit.request)
                del waiting[number]
        loader = Loader(connection, head, Cache())
        commands = [command for unit in waiting.values() for command in unit.commands]
        decider = Decider(await loader.load(commands), most_alone)
        play = _Play(decider, loader, head.position)
        for number, unit in waiting.items():
            found[number] = await play.next(number, unit)
    return found


class _Play:
    """Units decided one after another, as if each that is accepted were posted."""

    def __init__(self, decider: Decider, loader: Loader, as_of: Position) -> None:
        self._decider = decider
        self._loader = loader
        self._as_of = as_of
        # Which item of the request each position would be of; and what would become of each key.
        self._items: dict[int, int] = {}
        self._under: dict[Scope, tuple[bytes, Rehearsed]] = {}

    async def next(self, number: int, unit: PostingUnit) -> Rehearsed:
        asked, found = self._under.get(unit.key, (b"", None))
        if found is None:
            found = await self._decide(number, unit)
            if not isinstance(found, Outcome) or found.uses_key:
                self._under[unit.key] = unit.request.fingerprint, found
        elif asked != unit.request.fingerprint:
            return key_reused(unit.request)
        return found

    async def _decide(self, number: int, unit: PostingUnit) -> Rehearsed:
        first = Position(self._as_of + len(self._items) + 1)
        decided = await decide_unit(self._decider, self._loader, unit, first)
        if isinstance(decided, RefusedItem):
            alone = decided._replace(refusal=self._without_items(decided.refusal))
            return unit.refused(alone, as_of=self._as_of)
        self._items |= {
            posting.position: index if unit.numbered else number
            for index, posting in enumerate(decided)
        }
        return [
            previewed(self._decider.state, posting, self._as_of, self._items) for posting in decided
        ]

    def _without_items(self, refused: Refusal) -> Refusal:
        """The refusal, where it names what another unit would post by the number of that unit: there is no
        such position."""
        items = [self._items[p] for p in refused.positions if p in self._items]
        return ItemsConflict.of(refused, max(items)) if items else refused
