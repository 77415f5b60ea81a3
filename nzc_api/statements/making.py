"""How a statement is made of what the rooms say. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nzc_api.ids import BatchId, InventoryId, PilotId, Position
from nzc_api.inventories.model import CategoryTotal, Inventory, PeriodKey
from nzc_api.inventories.preview import effective_with
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger.model import BatchOrder, CreditBatch, RetiredAsOf, Withdrawn
from nzc_api.ledger.reading.retired import RetiredKey
from nzc_api.pilots.model import AccountingPeriod, PilotThen
from nzc_api.statements.gross import notes_of, twin_notes, unknown_of
from nzc_api.statements.model import NetEmissions, RetiredInside, StatementKey
from nzc_api.statements.rules import assurance_of, gone_of, issued_inside, periods_inside


@dataclass(frozen=True, slots=True)
class Stated:
    """What the rooms say about the pilots of some statements, and about those inside them; with an inventory as it
    would be, where one is ``changed``."""

    pilots: Mapping[tuple[PilotId, Position], PilotThen]
    periods: Mapping[PilotId, Sequence[AccountingPeriod]]
    effective: Mapping[PeriodKey, Sequence[Inventory]]
    totals: Mapping[InventoryId, Sequence[CategoryTotal]]
    retired: Mapping[RetiredKey, RetiredAsOf]
    # Of the few pilots that have any: those inside, batches issued inside, and what of these is withdrawn or ordered.
    inside: Mapping[tuple[PilotId, Position], tuple[PilotId, ...]] = field(default_factory=dict)
    issued: Mapping[tuple[int, int], Sequence[CreditBatch]] = field(default_factory=dict)
    withdrawn: Sequence[Withdrawn] = ()
    orders: Mapping[BatchId, Sequence[BatchOrder]] = field(default_factory=dict)
    # The codes of pilots that seem to be the same as the one of a statement.
    twins: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    changed: Inventory | None = None

    def periods_of(
        self, keys: Iterable[StatementKey], sight: Sight
    ) -> dict[StatementKey, AccountingPeriod]:
        """The period of each key whose statement is shown; none where it is not, or the pilot did not have the period
        as of the position."""
        shown = (key for key in keys if self._is_shown(key, sight))
        found = ((key, self._period_of(key)) for key in shown)
        return {key: period for key, period in found if period is not None}

    def retired_inside(self, key: StatementKey, period: AccountingPeriod) -> list[RetiredKey]:
        """The periods of pilots inside whose retirements the statement shows."""
        there = self.inside.get((key.pilot_id, key.as_of), ())
        within = [p for pilot in there for p in self.periods.get(pilot, ())]
        return [(p.pilot_id, p.id, key.as_of) for p in periods_inside(within, period, key.as_of)]

    def statement(self, key: StatementKey, period: AccountingPeriod) -> NetEmissions:
        """The statement of a key, in the period that was found for it."""
        pilot = self.pilots[key.pilot_id, key.as_of].then
        inventories = self._inventories(key)
        totals = [total for i in inventories for total in self.totals.get(i.id, ())]
        batches = self.issued.get((pilot.id, key.as_of), ())
        gone = gone_of(self.withdrawn, self.orders, key.as_of)
        own = self.retired.get((pilot.id, period.id, key.as_of), RetiredAsOf())
        return NetEmissions(
            key=key,
            pilot=pilot,
            period=period,
            inventories=tuple(inventories),
            totals=tuple(totals),
            retired=own.in_force,
            withdrawn=own.withdrawn,
            retired_inside=self._by_pilot(self.retired_inside(key, period)),
            issued_inside=issued_inside(batches, period.span, gone),
            unknown=unknown_of(pilot.variant, inventories, totals),
            notes=notes_of(inventories) + twin_notes(self.twins.get((pilot.id, key.as_of), ())),
            assurance=assurance_of(inventories),
        )

    def _is_shown(self, key: StatementKey, sight: Sight) -> bool:
        """Whether the pilot was registered by then, and its statements are shown: as it says now, of
        whatever position they are."""
        pilot = self.pilots.get((key.pilot_id, key.as_of))
        return pilot is not None and sight.sees_statements(pilot.now)

    def _period_of(self, key: StatementKey) -> AccountingPeriod | None:
        of_pilot = self.periods.get(key.pilot_id, ())
        return next((p for p in of_pilot if p.id == key.period_id and p.stands(key.as_of)), None)

    def _inventories(self, key: StatementKey) -> list[Inventory]:
        of_key = self.effective.get(PeriodKey(key.period_id, key.basis, key.as_of), ())
        stood = [inventory.as_of(key.as_of) for inventory in of_key]
        return stood if self.changed is None else effective_with(stood, self.changed)

    def _by_pilot(self, keys: Iterable[RetiredKey]) -> tuple[RetiredInside, ...]:
        tonnes: dict[PilotId, int] = defaultdict(int)
        for key in keys:
            retired = self.retired.get(key, RetiredAsOf())
            tonnes[key[0]] += sum(item.tonnes for item in retired.in_force)
        return tuple(
            RetiredInside(pilot_id, retired) for pilot_id, retired in tonnes.items() if retired
        )
