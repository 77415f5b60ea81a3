"""Words in what people write, to find by them what a line says that it is. Pure."""

import re
import unicodedata

WordPattern = re.Pattern[str]


def word_pattern(anywhere: str, *latin: str) -> WordPattern:
    """A pattern of an expression that may stand anywhere (Chinese words parted by |) and of Latin words."""
    return re.compile("|".join(part for part in (anywhere, whole(*latin)) if part))


def whole(*latin: str) -> str:
    """Latin words that stand by themselves, as an expression; nothing of none."""
    return rf"(?<![a-z])(?:{'|'.join(latin)})(?![a-z])" if latin else ""


def word_in(text: str, pattern: WordPattern) -> str | None:
    """The first word of the pattern in a text: whatever its width, case and spaces."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    found = pattern.search(folded)
    return None if found is None else found[0]
