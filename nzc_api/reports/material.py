"""What a report is made of: everything that was read for it, as whoever asks sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nzc_api.documents.model import Document
from nzc_api.guide.terms import Treatment
from nzc_api.inventories.model import (
    CategoryTotal,
    Inventory,
    Line,
    LineRole,
    Opinion,
    QualityShare,
    ScopeShare,
)
from nzc_api.measures.model import PotentialAnalysis
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.statements.model import NetEmissions

# How many documents of a line are named.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """An inventory and what belongs to it, as of a position, which was taken ``at`` that time.

    ``totals`` are the inventory's own, ``statement`` is the whole period's; None where it is not shown.
    ``sees_lines`` and ``sees_potential`` say whether whoever asks sees the lines, and what was written of the
    potential; where not, they are empty. ``evidence`` are
    the documents of each line, one more than are named where there are more.
    """

    inventory: Inventory
    pilot: Pilot
    period: AccountingPeriod
    at: datetime
    totals: tuple[CategoryTotal, ...]
    statement: NetEmissions | None
    opinion: Opinion | None
    sees_lines: bool
    lines: tuple[Line, ...]
    evidence: Mapping[int, tuple[Document, ...]]
    quality: tuple[QualityShare, ...]
    shares: tuple[ScopeShare, ...]
    sees_potential: bool
    analysis: PotentialAnalysis | None

    @property
    def unshown(self) -> tuple[Line, ...]:
        """The sources that count and that no document and no meter showed by then."""
        return tuple(
            line
            for line in self.lines
            if line.role is LineRole.SOURCE
            and line.treatment not in {Treatment.MEMO, Treatment.DEDUCTED}
            and line.meter_basis is None
            and not self.evidence.get(line.id)
        )
