"""What registries call things: the headings of columns, statuses, programmes. Data."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_WORDS = json.loads((Path(__file__).parent / "data" / "words.json").read_text("utf-8"))

# What a heading may end with: a unit or a remark in brackets, a star where a cell is needed.
_REMARK = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[*:])+$")


_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")


class StatusWord(NamedTuple):
    """What a registry says of units: a status, and what they were cancelled for, if not for a pilot."""

    status: str
    purpose: str | None


def folded(name: str) -> str:
    """A name without what does not matter: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _heading(text: str) -> str:
    return re.sub(r"[_\-.]", "", _REMARK.sub("", folded(text)))


def remark_of(heading: str) -> str | None:
    """What stands in brackets at a heading's end, such as a unit."""
    found = _IN_BRACKETS.search(unicodedata.normalize("NFKC", heading).strip().rstrip("*: "))
    return found[1].strip() or None if found else None


# The words of a column, the most particular first.
COLUMNS: Mapping[str, Sequence[str]] = _WORDS["columns"]

_RANKS = {
    _heading(word): (name, rank)
    for name, words in COLUMNS.items()
    for rank, word in enumerate(words)
}

STATUSES: Mapping[str, StatusWord] = {
    word: StatusWord(group["status"], group.get("purpose"))
    for group in _WORDS["statuses"]
    for word in group["words"]
}

_STATUSES = {folded(word): status for word, status in STATUSES.items()}

_PROGRAMMES = {
    folded(word): code for code, words in _WORDS["programmes"].items() for word in (code, *words)
}

_TERMS = {
    kind: {folded(word): code for code, words in terms.items() for word in (code, *words)}
    for kind, terms in _WORDS["terms"].items()
}


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Where the columns are that we know, by our names. Of two that may be the same one it is that
    with the more particular heading; of equals the first."""
    found: dict[str, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        ranked = _RANKS.get(_heading(heading))
        if ranked is not None:
            name, rank = ranked
            found[name] = min(found.get(name, (rank, place)), (rank, place))
    return {name: place for name, (_, place) in found.items()}


def status_of(text: str) -> StatusWord | None:
    """What a status says; None where it is none that we know."""
    return _STATUSES.get(folded(text))


def status_words(statuses: Iterable[str]) -> str:
    """The words that we know for statuses, for a message."""
    wanted = set(statuses)
    return ", ".join(word for word, meaning in STATUSES.items() if meaning.status in wanted)


def programme_of(text: str) -> str | None:
    """The code of the programme that a text names, in any case and width, or by its name."""
    return _PROGRAMMES.get(folded(text))


def term_of(kind: str, text: str) -> str | None:
    """The API's code of what a text names: of a ``kind`` of terms, such as gases; None where we do not know it."""
    return _TERMS[kind].get(folded(text))


def terms_of(kind: str) -> str:
    """The codes that we know of a kind of terms, each with a Chinese word for it, for a message."""
    return ", ".join(
        f"{code} ({next((word for word in words if not word.isascii()), code)})"
        for code, words in _WORDS["terms"][kind].items()
    )
