"""Serial numbers: one tonne each, in blocks named by registry and prefix.

Registries write blocks in their own ways; the text is normalised first (width, dashes, spaces,
case), so that one block has one name.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase

# Serials fit PostgreSQL's bigint with room for the one after the last.
LARGEST_SERIAL = (1 << 62) - 1

LARGEST_BLOCK = 1_000_000_000

PREFIX = re.compile(r"[A-Z0-9](?:[A-Z0-9._/-]{0,78}[A-Z0-9])?")

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")

# Only ASCII: “ß” is not “SS”, and a prefix with such a letter is refused as it is.
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)

_NUMBER = r"(?P<{}>[0-9]{{1,19}})"
_FIRST, _LAST = _NUMBER.format("first"), _NUMBER.format("last")

# How registries write a block, most particular first; a format's prefix names its number space.
# NZC itself writes the first.
_FORMATS = (
    ("CAR_OR_ACR", re.compile(rf"(?P<prefix>.+?)-{_FIRST} TO {_LAST}")),
    # Verra numbers its units across the whole registry: its one space is VCS.
    ("VERRA", re.compile(rf"[0-9]+-{_FIRST}-{_LAST}-(?P<prefix>VCS)-.+")),
    ("GOLD_STANDARD", re.compile(rf"(?P<prefix>GS[0-9]+-.+)-{_FIRST}-{_LAST}")),
    ("UNDP", re.compile(rf"(?P<prefix>[A-Z]{{2}}[0-9]+-.+)-{_FIRST}-{_LAST}-[0-9]{{4}}")),
)

_SINGLE = re.compile(rf"(?P<prefix>.+?)-{_FIRST}")


@dataclass(frozen=True, slots=True, order=True)
class SerialRange:
    """Serials ``first`` to ``last``, both included, of one prefix of a registry."""

    registry: str
    prefix: str
    first: int
    last: int

    @property
    def lo(self) -> int:
        return self.first

    @property
    def hi(self) -> int:
        """The serial after the last."""
        return self.last + 1

    @property
    def quantity(self) -> int:
        """Tonnes: one a serial."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return block_text(self.prefix, self.lo, self.hi)


def certificate_serials(registry: str, number: str, first: int, last: int) -> SerialRange:
    """Tonnes of a certificate without published serials. All of it stand for the block from 1 to its
    quantity, in a number space of its own."""
    return SerialRange(f"{registry}-CERTIFICATE", number, first, last)


@dataclass(frozen=True, slots=True)
class BlockReading:
    """What a block's text says: the format it is in, its prefix, its first and last serial."""

    format: str
    prefix: str
    first: int
    last: int


def block_text(prefix: str, lo: int, hi: int) -> str:
    """How NZC writes a block."""
    return f"{prefix}-{lo} to {hi - 1}"


def normalise(text: str) -> str:
    """One way to write a serial: half width, plain dashes, single spaces, capitals."""
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    # Capitals can compose with what follows them where small letters did not.
    capitals = unicodedata.normalize("NFKC", folded.translate(_CAPITALS))
    spaced = re.sub(r"\s+", " ", capitals).strip()
    return re.sub(r" ?- ?", "-", spaced)


@lru_cache(maxsize=4096)
def normalise_prefix(text: str) -> str | None:
    """The prefix that ``text`` names; None where it cannot be one."""
    prefix = normalise(text).replace(" ", "").strip("-")
    return prefix if PREFIX.fullmatch(prefix) else None


def read_block(text: str) -> BlockReading | None:
    """What a block's text says, in whichever format it is; None where it is in none."""
    normal = normalise(text)
    for name, pattern in _FORMATS:
        match = pattern.fullmatch(normal)
        if match is not None:
            prefix = normalise_prefix(match["prefix"])
            first, last = int(match["first"]), int(match["last"])
            return None if prefix is None else BlockReading(name, prefix, first, last)
    return None


def read_serial(text: str) -> tuple[str, int] | None:
    """The prefix and the number of a single serial such as ``GD-2024-17``."""
    match = _SINGLE.fullmatch(normalise(text))
    prefix = match and normalise_prefix(match["prefix"])
    return (prefix, int(match["first"])) if match and prefix else None
