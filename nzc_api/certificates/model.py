"""Green certificates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nzc_api.numbers import number_key


@dataclass(frozen=True, slots=True)
class GreenCertificates:
    """Certificates ``first`` to ``last`` of a prefix, a MWh each, of power that the plant with the code ``plant``
    produced on these days."""

    prefix: str
    first: int
    last: int
    mwh: Decimal
    produced_from: date
    produced_to: date
    plant: str

    @property
    def key(self) -> str:
        """Its prefix, however that is written."""
        return number_key(self.prefix)

    @property
    def plant_key(self) -> str:
        """Its plant's code, however that is written."""
        return number_key(self.plant)

    @property
    def lo(self) -> int:
        return self.first

    @property
    def hi(self) -> int:
        """The number after the last."""
        return self.last + 1

    def shares_a_number_with(self, other: "GreenCertificates") -> bool:
        return self.key == other.key and self.lo < other.hi and other.lo < self.hi

    def __str__(self) -> str:
        return f"{self.prefix}-{self.first} – {self.last}"


# The production of a project: its id, first and last day.
Production = tuple[int, date, date]


@dataclass(frozen=True, slots=True)
class PowerOfDays:
    """Power of a plant, of which something is claimed already: by reductions of a ``programme``, else by
    certificates."""

    plant: str
    produced_from: date
    produced_to: date
    programme: str | None = None
