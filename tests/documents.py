"""The documents as tests read them: which there are, their code, their queries and answers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
CHINESE = [name for name in DOCUMENTS if name.endswith(".zh.md")]
ENGLISH = [name for name in DOCUMENTS if name not in CHINESE]

# How NZC is made is in English only.
FOR_DEVELOPERS = re.compile(r"CONTRIBUTING\.md|docs/architecture\.md|docs/decisions/.*")

# What is for users, by its English name; where only the Chinese page is there, by that it would have.
FOR_USERS = sorted(
    {name for name in ENGLISH if not FOR_DEVELOPERS.fullmatch(name)}
    | {name.replace(".zh.md", ".md") for name in CHINESE}
)

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n)+")
_COMMENT = re.compile(r"(?:^|[ \t]+)(?:#|//|-- ).*$|<!--.*?-->", re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)#]*)(?:#([^)]*))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A query that a page shows, with its answer where the page shows that, too."""

    query: str
    answer: Any = None


def sister(name: str) -> str:
    """The Chinese page of an English one."""
    return name.removesuffix(".md") + ".zh.md"


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_of(name: str) -> list[str]:
    """A page's code, without comments. What is drawn with letters (```text) is no code."""
    text = text_of(name)
    fenced = [body for kind, body in _FENCED.findall(text) if kind != "text"]
    indented = _INDENTED.findall(_FENCED.sub("", text))
    return [_COMMENT.sub("", body).strip() for body in (*fenced, *indented)]


def names_of(name: str) -> set[str]:
    """What a page's prose names in code."""
    prose = _FENCED.sub("", text_of(name))
    return {" ".join(code.split()) for code in _INLINE.findall(prose)}


def links_of(name: str) -> list[tuple[str, str]]:
    """Where a page's links lead: a file (itself: nothing), and a heading of it (or nothing)."""
    return _LINK.findall(_FENCED.sub("", text_of(name)))


def headings_of(name: str) -> set[str]:
    """A page's headings, as links name them."""
    found = _HEADING.findall(_FENCED.sub("", text_of(name)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def queries_of(name: str) -> Iterator[Shown]:
    """A page's queries, in order. JSON that follows one is its answer."""
    blocks = [*_FENCED.findall(text_of(name)), ("", "")]
    for (kind, body), (after, answer) in pairwise(blocks):
        if kind == "graphql":
            yield Shown(body, json.loads(answer) if after == "json" else None)
