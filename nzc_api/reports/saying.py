"""Saying things in one of the languages. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from nzc_api.accounting.exact import plain, written
from nzc_api.refusal import LocalizedText, words_of
from nzc_api.reports.model import ReportLanguage, ReportTable
from nzc_api.reports.value_names import VALUE_NAMES

# Of what is not known, or not stated.
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in a language."""

    language: ReportLanguage

    def say(self, zh: str, en: str) -> str:
        return zh if self.language is ReportLanguage.ZH else en

    def text(self, text: LocalizedText | None) -> str:
        return NOTHING if text is None else self.say(text.zh, text.en)

    def word(self, value: StrEnum | None) -> str:
        """What a value of an enumeration is called."""
        if value is None:
            return NOTHING
        kind = type(value)
        return self.text((VALUE_NAMES.get(kind) or words_of(kind))[value])

    def words(self, values: tuple[StrEnum, ...]) -> str:
        return self.say("、", ", ").join(map(self.word, values)) or NOTHING

    def facts(self, caption: str, *rows: tuple[str, str]) -> ReportTable:
        """A table of what is so, each with its name."""
        return ReportTable(caption, (self.say("项目", "Item"), self.say("内容", "Content")), rows)


def tonnes(value: Decimal | int | None) -> str:
    """Tonnes as the API shows them, to the last character."""
    if value is None:
        return NOTHING
    return str(value) if isinstance(value, int) else written(value)


def number(value: Decimal | None) -> str:
    """A number as people write it: without trailing zeros."""
    return NOTHING if value is None else plain(value)
