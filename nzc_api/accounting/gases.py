"""The gases that are accounted, and the sets of global warming potentials."""

from enum import StrEnum


class Gas(StrEnum):
    """A greenhouse gas; ``CO2E`` is a mass that its source states only in CO2 equivalents."""

    CO2 = "CO2"
    CH4 = "CH4"
    N2O = "N2O"
    SF6 = "SF6"
    NF3 = "NF3"
    HFC23 = "HFC23"
    HFC32 = "HFC32"
    HFC125 = "HFC125"
    HFC134A = "HFC134A"
    HFC143A = "HFC143A"
    HFC152A = "HFC152A"
    HFC227EA = "HFC227EA"
    CF4 = "CF4"
    C2F6 = "C2F6"
    HCFC22 = "HCFC22"
    HCFC123 = "HCFC123"
    CO2E = "CO2E"

    @property
    def symbol(self) -> str:
        """How the gas is written in a unit, such as ``HFC134a`` in ``kgHFC134a``."""
        return _SYMBOLS.get(self.value, self.value)

    @property
    def in_basket(self) -> bool:
        """Whether the gas is in the Kyoto basket; HCFCs (Montreal Protocol) are reported apart."""
        return not self.value.startswith("HCFC")


_SYMBOLS = {
    "HFC134A": "HFC134a", "HFC143A": "HFC143a", "HFC152A": "HFC152a", "HFC227EA": "HFC227ea",
    "CO2E": "CO2e",
}  # fmt: skip


class GwpSet(StrEnum):
    """The IPCC assessment report whose 100-year potentials are used."""

    SAR = "SAR"
    AR4 = "AR4"
    AR5 = "AR5"
    AR6 = "AR6"
