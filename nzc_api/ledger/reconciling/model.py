"""A registry's list that was compared with the ledger, and what is kept of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nzc_api.ids import Position
from nzc_api.ledger.reconciling.reconcile import ReconciliationOutcome
from nzc_api.ledger.reconciling.reconcile_file import Sum


@dataclass(frozen=True, slots=True)
class ReconcileList:
    """Compare the list of a programme's registry that has these bytes: their SHA-256, in hex."""

    programme: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Found:
    """What came of comparing a list as of a position: the report, as CSV, and its sums. The hashes are SHA-256, in
    hex, of the list's bytes and of the report's."""

    programme: str
    position: Position
    list_sha256: str
    list_size: int
    report_sha256: str
    report: bytes
    sums: Mapping[ReconciliationOutcome, Sum]

    @property
    def said(self) -> dict[str, Any]:
        """What the log says of it."""
        return {
            "programme": self.programme,
            "position": self.position,
            "list": self.list_sha256,
            "size": self.list_size,
            "report": self.report_sha256,
            "outcomes": {outcome: list(counted) for outcome, counted in self.sums.items()},
        }


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A reconciliation that is kept, without its report. ``id`` is the position of its entry."""

    id: int
    programme: str
    position: Position
    list_sha256: str
    list_size: int
    report_sha256: str
    report_size: int
    sums: Mapping[ReconciliationOutcome, Sum]
