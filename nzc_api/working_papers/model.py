"""What evidence is: of which pilot's year, as of which positions, in which files. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nzc_api.ids import PeriodId, Position
from nzc_api.retirement_certificates.model import MOST_RANGES, MOST_RETIREMENTS, number_of

# Raised when the form changes.
FORM = "nzc-evidence-1"

# What evidence has at most: beyond that nobody checks it by hand, and each of it is in lists of its own.
MOST_LINES = 10_000
MOST_COMPARED = 5
MOST_ENTRIES_COMPARED = 200_000
MOST_CHANGES = 1_000
MOST_REFUSALS = 1_000

# No file of evidence is larger.
LONGEST_FILE = 128 * 1024 * 1024

CERTIFICATES = "certificates/"
CHECKPOINT = "checkpoint.txt"
MANIFEST = "manifest.json"
NOTE = "manifest.note"
PROOFS = "proofs.json"


class PapersFile(NamedTuple):
    """A file of the evidence."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PapersAbout:
    """What evidence is of: a pilot's accounting period in a log (by its id as it is shown), as of a position, beside
    some earlier ones."""

    pilot: str
    year: int
    starts_on: str
    ends_on: str
    log: str
    period_id: PeriodId
    position: Position
    compared: Sequence[Position] = ()

    @property
    def number(self) -> str:
        """The number of the certificate of all retirements for the period."""
        return number_of(self.log, Position(self.period_id))


class Bound(NamedTuple):
    """How many of something there are, and how many there may be."""

    zh: str
    en: str
    number: int
    most: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much evidence would have: ``entries`` are those of the log between the positions that are compared."""

    retirements: int = 0
    ranges: int = 0
    lines: int = 0
    entries: int = 0
    changes: int = 0
    refusals: int = 0

    @property
    def bounds(self) -> Sequence[Bound]:
        return (
            Bound(zh="笔注销", en="retirements", number=self.retirements, most=MOST_RETIREMENTS),
            Bound(zh="个序列号区间", en="ranges of serials", number=self.ranges, most=MOST_RANGES),
            Bound(zh="行清单", en="lines of inventories", number=self.lines, most=MOST_LINES),
            Bound(
                zh="条所比较位置之间的日志",
                en="entries of the log between the positions compared",
                number=self.entries,
                most=MOST_ENTRIES_COMPARED,
            ),
            Bound(
                zh="处变化", en="changes of the statement", number=self.changes, most=MOST_CHANGES
            ),
            Bound(
                zh="项未获准的事项",
                en="things that came to nothing",
                number=self.refusals,
                most=MOST_REFUSALS,
            ),
        )
