"""Serial numbers: one tonne each, in blocks named by registry and prefix.

Registries write blocks in their own ways; the text is normalised first (width, dashes, spaces,
case, brackets), so that one block has one name. How a registry writes it is kept beside, for showing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nzc_api.numbers import BRACKETS, CAPITALS

# Serials fit PostgreSQL's bigint with room for the one after the last.
LARGEST_SERIAL = (1 << 62) - 1

LARGEST_BLOCK = 1_000_000_000

# What a registry's number space of certificates is called, after its own name.
CERTIFICATES = "-CERTIFICATE"

# Of a block's text, in characters: two whole serials with room.
LONGEST_TEXT = 400

# 至 and 到 stand between two serials, so they are no part of a prefix.
HAN = "〇㐀-䶿一-刯刱-臲致-鿿"

PREFIX = re.compile(rf"[A-Z0-9{HAN}〔](?:[A-Z0-9{HAN}〔〕._/-]{{0,78}}[A-Z0-9{HAN}〕])?")

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")

_NUMBER = r"(?P<{}>[0-9]{{1,19}})"
_FIRST, _LAST = _NUMBER.format("first"), _NUMBER.format("last")

# What is kept of how serials are written: # stands for their digits only.
_WRITTEN = re.compile(rf"[A-Z0-9{HAN}〔〕._/ -]*(?:#+[A-Z0-9{HAN}〔〕._/ -]*){{1,2}}")
LONGEST_WRITTEN = 200

# A serial that is written by itself: a prefix, a dash or the like, a number; or letters and a number.
_SERIAL = re.compile(rf"(?P<prefix>.+?)(?:[-_/]|(?<=[A-Z{HAN}〕]))(?<![0-9]){_FIRST}")
_NO_DASH = re.compile(rf"(?:.*[-_/])?[A-Z{HAN}〕]+[0-9]+")

# Units of the Clean Development Mechanism: their number stands in their midst.
_CDM = re.compile(
    rf"(?P<before>[A-Z]{{2}}-[1-7])-{_FIRST}-(?P<after>[12]-[12]-[0-9]{{1,2}}-[0-9]+)"
)

# How registries write a block as a whole; a format's prefix names its number space.
_FORMATS = (
    # Verra numbers its units across the whole registry: its one space is VCS.
    ("VERRA", re.compile(rf"[0-9]+-{_FIRST}-{_LAST}-(?P<prefix>VCS)-.+")),
    ("GOLD_STANDARD", re.compile(rf"(?P<prefix>GS[0-9]+-.+)-{_FIRST}-{_LAST}")),
    ("UNDP", re.compile(rf"(?P<prefix>[A-Z]{{2}}[0-9]+-.+)-{_FIRST}-{_LAST}-[0-9]{{4}}")),
)

# What NZC itself writes.
_OURS = re.compile(rf"(?P<prefix>(?:(?! TO ).)+?)-{_FIRST} TO {_LAST}")
_FROM = re.compile(rf"(?P<prefix>.+?)[-_ ]*(?:FROM |从){_FIRST} TO {_LAST}")
_TO_WORD = re.compile(r" TO(?![A-Z0-9])")
_TO_NUMBER = re.compile(rf"(?P<serial>.+) TO {_LAST}")
_HYPHENS = re.compile(rf"(?P<serial>.+)-{_LAST}")

# What stands between a first and a last serial; a long dash does (GB/T 15834—2011, 4.13) where it is the
# only one and the others are hyphens.
_TO = re.compile(r"(?<=[0-9０-９])\s*(?:至|到|~|～|〜|∼|——|→)\s*")
_LONG_DASH = re.compile(r"(?<=[0-9０-９])\s*[–—―]\s*(?=[0-9A-Za-z０-９])")
_LONG_DASHES = re.compile("[–—―]")

_THOUSANDS = re.compile(r"(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_BETWEEN_BLOCKS = re.compile(r"\s*[,;、\n]\s*")
_REST = re.compile(r"[0-9]{1,19} TO [0-9]{1,19}")


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
    return SerialRange(f"{registry}{CERTIFICATES}", number, first, last)


def certificate_written(text: str) -> str | None:
    """How the number of a certificate is written, where that is not as NZC does (``BlockReading.written``)."""
    number = " ".join(unicodedata.normalize("NFC", text).split())
    if number == normalise_prefix(number) or len(number) > LONGEST_WRITTEN - len("-#"):
        return None
    return f"{number}-#"


@dataclass(frozen=True, slots=True)
class BlockReading:
    """What a block's text says: the format it is in, its prefix, its first and last serial; and how it
    is written, with # for each digit of a serial, where NZC would write it otherwise."""

    format: str
    prefix: str
    first: int
    last: int
    written: str | None = field(default=None, compare=False)

    @property
    def quantity(self) -> int:
        """Tonnes: one a serial."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return block_text(self.prefix, self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text, of a list or of one block, that can be read in several ways, or in none."""

    text: str
    readings: tuple[BlockReading, ...] = ()


def block_text(prefix: str, lo: int, hi: int) -> str:
    """How NZC writes a block."""
    return f"{prefix}-{lo} to {hi - 1}"


def written_text(written: str, lo: int, hi: int) -> str:
    """How a block is written in its registry's own way, which ``BlockReading.written`` describes."""
    places = list(re.finditer("#+", written))
    first, last = str(lo), str(hi - 1)
    if len(places) > 1:
        return _filled(written, places, (first, last))
    return f"{_filled(written, places, (first,))} to {_filled(written, places, (last,))}"


def normalise(text: str) -> str:
    """One way to write a serial: half width, plain dashes, single spaces, capitals, one kind of brackets."""
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    # Capitals can compose with what follows them where small letters did not.
    capitals = unicodedata.normalize("NFKC", folded.translate(CAPITALS)).translate(BRACKETS)
    spaced = re.sub(r"\s+", " ", capitals).strip()
    return re.sub(r" ?- ?", "-", spaced)


@lru_cache(maxsize=4096)
def normalise_prefix(text: str) -> str | None:
    """The prefix, or the number of a certificate, that ``text`` names; None where it cannot be one."""
    prefix = normalise(text).replace(" ", "").strip("-")
    return prefix if PREFIX.fullmatch(prefix) else None


def readings(text: str) -> tuple[BlockReading, ...]:
    """All that the text of one block, or of a single serial, may mean: none, one, or several."""
    if len(text) > LONGEST_TEXT:
        return ()
    normal = normalise(_with_to(text)).lstrip("-")
    if " TO " in normal:
        normal = _THOUSANDS.sub(_digits, normal)
    found = list(_whole(normal)) or (_from_to(normal) if " TO " in normal else _hyphened(normal))
    return tuple(dict.fromkeys(found))


def read_block(text: str, tonnes: int | None = None) -> BlockReading | None:
    """What a block's text says, in whichever format it is; None where it is in none, or may mean several
    things of which ``tonnes`` do not single out one."""
    found = readings(text)
    if len(found) > 1:
        found = tuple(reading for reading in found if reading.quantity == tonnes)
    return found[0] if len(found) == 1 else None


def read_blocks(text: str, tonnes: int | None = None) -> tuple[BlockReading, ...] | Unclear:
    """The blocks of a list such as ``GD-1 to 100; GD-201 to 300``, or of one; ``tonnes`` are of them all."""
    folded = _with_to(text)
    normal = normalise(folded)
    whole = _THOUSANDS.sub(_digits, normal) if " TO " in normal else folded
    lists = dict.fromkeys((whole, folded))
    found = dict.fromkeys(_listed(_BETWEEN_BLOCKS.split(unicodedata.normalize("NFKC", one)), tonnes)
                          for one in lists)  # fmt: skip
    clear = [one for one in found if not isinstance(one, Unclear)]
    if len(clear) == 1:
        return clear[0]
    if clear:
        return Unclear(text, tuple(one[0] for one in clear))
    return next((one for one in found if isinstance(one, Unclear) and one.readings), Unclear(text))


def read_serial(text: str) -> tuple[str, int] | None:
    """The prefix and the number of a single serial such as ``GD-2024-17``."""
    reading = _single(normalise(text))
    return None if reading is None else (reading.prefix, reading.first)


def _with_to(text: str) -> str:
    """The text with “to” wherever a word or sign of the same sense stands."""
    replaced = _TO.sub(" to ", text)
    if replaced == text and len(_LONG_DASHES.findall(text)) == 1 and "-" in text:
        return _LONG_DASH.sub(" to ", text)
    return replaced


def _whole(normal: str) -> Iterator[BlockReading]:
    """What a text says that is written as a registry writes a block."""
    ours = _OURS.fullmatch(normal)
    if ours is not None:
        written = _pattern(normal[: ours.start("first")], ours["first"])
        yield from _reading("CAR_OR_ACR", ours["prefix"], ours["first"], ours["last"], written)
        return
    for name, pattern in _FORMATS:
        match = pattern.fullmatch(normal)
        if match is not None:
            (a, b), (c, d) = match.span("first"), match.span("last")
            before = _pattern(normal[:a], match["first"]) + normal[b:c]
            written = _pattern(before, match["last"]) + normal[d:]
            yield from _reading(name, match["prefix"], match["first"], match["last"], written)
            return


def _from_to(normal: str) -> Iterator[BlockReading]:
    """What a text says that has a word between a first and a last serial."""
    match = _FROM.fullmatch(normal)
    if match is not None:
        digits = _pattern("", match["first"])
        written = f"{normal[: match.start('first')]}{digits} TO {digits}"
        yield from _reading("CERCARBONO", match["prefix"], match["first"], match["last"], written)
        return
    first, last = normal.split(" TO ")[:2]
    if normal.count(" TO ") != 1:
        return
    match = _TO_NUMBER.fullmatch(normal)
    if match is not None:
        yield from _until(_single(match["serial"]), int(match["last"]))
    else:
        yield from _pair(first, last)


def _hyphened(normal: str) -> Iterator[BlockReading]:
    """What a text may say that has hyphens only."""
    pairs = [
        reading
        for place in (match.start() for match in re.finditer("-", normal))
        for reading in _pair(normal[:place], normal[place + 1 :])
    ]
    yield from pairs
    # A prefix that is repeated is no part of a single serial, unless it is a number itself.
    if any(not pair.prefix.isdigit() for pair in pairs):
        return
    yield from filter(None, (_single(normal), _cdm(normal, normal)))
    match = _HYPHENS.fullmatch(normal)
    if match is not None:
        for reading in _until(_single(match["serial"]), int(match["last"])):
            if reading.first <= reading.last:
                yield reading


def _pair(first: str, last: str) -> Iterator[BlockReading]:
    """A block of which two whole serials are given."""
    found = _cdm(first, last)
    if found is not None:
        yield found
        return
    one, other = _single(first), _single(last)
    if one is not None and other is not None and one.prefix == other.prefix:
        yield BlockReading("TWO_SERIALS", one.prefix, one.first, other.last, one.written)


def _until(single: BlockReading | None, last: int) -> Iterator[BlockReading]:
    if single is not None:
        yield BlockReading("RANGE", single.prefix, single.first, last, single.written)


def _single(normal: str) -> BlockReading | None:
    match = _SERIAL.fullmatch(normal)
    if match is None or _TO_WORD.search(normal):
        return None
    dashed = normal[match.start("first") - 1] in "-_/"
    if not dashed and not _NO_DASH.fullmatch(normal):
        return None
    written = _pattern(normal[: match.start("first")], match["first"])
    return next(_reading("SINGLE", match["prefix"], match["first"], match["first"], written), None)


def _cdm(first: str, last: str) -> BlockReading | None:
    """The units from one of the Clean Development Mechanism to another of the same project."""
    one, other = _CDM.fullmatch(first), _CDM.fullmatch(last)
    if (
        one is None
        or other is None
        or one.group("before", "after") != other.group("before", "after")
    ):
        return None
    written = f"{one['before']}-{'#' * len(one['first'])}-{one['after']}"
    prefix = f"{one['before']}-{one['after']}"
    return next(_reading("CDM", prefix, one["first"], other["first"], written), None)


def _reading(
    format_name: str, prefix: str, first: str, last: str, written: str
) -> Iterator[BlockReading]:
    name = normalise_prefix(prefix)
    if name is not None:
        own = written if _can_be_shown(written) and written != f"{name}-#" else None
        yield BlockReading(format_name, name, int(first), int(last), own)


def _can_be_shown(written: str) -> bool:
    return len(written) <= LONGEST_WRITTEN and _WRITTEN.fullmatch(written) is not None


def _pattern(before: str, first: str) -> str:
    """How serials are written that begin with ``first``: of fixed length if that has leading zeros."""
    return before + "#" * (len(first) if first.startswith("0") else 1)


def _listed(parts: Sequence[str], tonnes: int | None) -> tuple[BlockReading, ...] | Unclear:
    """The blocks of a list's parts; one that has no prefix has that of the part before it."""
    found: list[BlockReading] = []
    for part in filter(None, map(str.strip, parts)):
        text = part
        if found and _REST.fullmatch(normalise(_with_to(part))):
            text = f"{found[-1].prefix}-{_with_to(part)}"
        reading = read_block(text, tonnes if len(parts) == 1 else None)
        if reading is None:
            return Unclear(part, readings(text))
        found.append(reading)
    return tuple(found) or Unclear("")


def _digits(match: re.Match[str]) -> str:
    return match[0].replace(",", "")


def _filled(written: str, places: Sequence[re.Match[str]], serials: Sequence[str]) -> str:
    for place, serial in reversed(list(zip(places, serials, strict=True))):
        written = f"{written[: place.start()]}{serial.zfill(len(place[0]))}{written[place.end() :]}"
    return written
