"""What whoever uses a factor should know first: data beside the factors, by their codes.

A caution changes no figure, so it needs no new version, and it holds for every version of a code:
for one that a line has kept, too.
"""

import json
from enum import StrEnum

from nzc_api.accounting.factors import DATA, EmissionFactor
from nzc_api.refusal import name_words


class Caution(StrEnum):
    """Why a factor that may be used should be used with care."""

    FAR_ABOVE_OTHERS = "FAR_ABOVE_OTHERS"
    WHOLE_POTENTIAL_AT_ONCE = "WHOLE_POTENTIAL_AT_ONCE"
    DOCUMENT_NOT_NAMED = "DOCUMENT_NOT_NAMED"


_DATA = json.loads((DATA / "cautions.json").read_text("utf-8"))

name_words(Caution, {code: {"zh": texts["zh"], "en": texts["en"]} for code, texts in _DATA.items()})


def cautions_of(factor: EmissionFactor) -> tuple[Caution, ...]:
    """What to know before relying on the factor; ``words_of(Caution)`` has the texts."""
    return tuple(caution for caution in Caution if factor.code in _DATA[caution]["factors"])
