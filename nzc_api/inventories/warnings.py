"""What a reader of an inventory should know: a code, and the facts of the case. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from nzc_api.ids import LineId
from nzc_api.refusal import LocalizedText, name_words, told, words_of

# A fact in a warning's message: a text, or one that is called otherwise in each language.
Fact = str | LocalizedText

_WARNINGS: Mapping[str, Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "warnings.json").read_text("utf-8")
)


class WarningCode(StrEnum):
    """What there is to know; none of these refuses anything. The texts are in ``data/warnings.json``."""

    CATEGORY_UNLISTED = "CATEGORY_UNLISTED"
    CATEGORY_OUT_OF_SCOPE = "CATEGORY_OUT_OF_SCOPE"
    GAS_OUTSIDE_BASKET = "GAS_OUTSIDE_BASKET"
    CO2_BIOGENIC = "CO2_BIOGENIC"
    FACTOR_OF_ANOTHER_YEAR = "FACTOR_OF_ANOTHER_YEAR"
    FACTOR_OF_ANOTHER_REGION = "FACTOR_OF_ANOTHER_REGION"
    FACTOR_OWN = "FACTOR_OWN"
    FACTOR_DOCUMENT_NOT_NAMED = "FACTOR_DOCUMENT_NOT_NAMED"
    FACTOR_WHOLE_POTENTIAL_AT_ONCE = "FACTOR_WHOLE_POTENTIAL_AT_ONCE"
    GWP_UNKNOWN = "GWP_UNKNOWN"
    IMPLAUSIBLY_SMALL = "IMPLAUSIBLY_SMALL"
    FACTOR_FAR_ABOVE_OTHERS = "FACTOR_FAR_ABOVE_OTHERS"
    FACTOR_NOT_OF_AVERAGE_POWER = "FACTOR_NOT_OF_AVERAGE_POWER"
    COOLING_AS_HEAT = "COOLING_AS_HEAT"
    BIOGAS_AS_FOSSIL = "BIOGAS_AS_FOSSIL"
    OWN_GENERATION_AT_GRID_FACTOR = "OWN_GENERATION_AT_GRID_FACTOR"
    SOLUTION_AS_SOLID = "SOLUTION_AS_SOLID"
    LIQUEFIED_AS_GAS = "LIQUEFIED_AS_GAS"
    STOCK_OVER_YEARS = "STOCK_OVER_YEARS"
    VOLUME_CONDITION_UNSTATED = "VOLUME_CONDITION_UNSTATED"
    BIOFUEL_AS_FOSSIL = "BIOFUEL_AS_FOSSIL"
    BOUGHT_AS_OWN_GENERATION = "BOUGHT_AS_OWN_GENERATION"
    FACTOR_WITHOUT_CO2 = "FACTOR_WITHOUT_CO2"
    OWN_FACTOR_IMPLAUSIBLE = "OWN_FACTOR_IMPLAUSIBLE"
    OWN_FACTOR_IS_NOTHING = "OWN_FACTOR_IS_NOTHING"
    COUNTS_ELSEWHERE = "COUNTS_ELSEWHERE"
    SINK_BY_MASS = "SINK_BY_MASS"
    STEAM_AS_WATER = "STEAM_AS_WATER"
    CO2_MISSING = "CO2_MISSING"
    EXPORTS_BESIDE_OWN_GENERATION = "EXPORTS_BESIDE_OWN_GENERATION"
    NOT_OVER_YET = "NOT_OVER_YET"
    METER_DAYS_MISSING = "METER_DAYS_MISSING"
    METER_PART_OF_DAYS = "METER_PART_OF_DAYS"
    RECORDED_TWICE = "RECORDED_TWICE"
    IMPLAUSIBLY_LARGE = "IMPLAUSIBLY_LARGE"
    UNLIKE_OTHER_PERIODS = "UNLIKE_OTHER_PERIODS"
    EXPORTS_EXCEED = "EXPORTS_EXCEED"

    @property
    def is_doubt(self) -> bool:
        """Whether it is probably a slip: a verifier acknowledges it with a reason, or does not verify."""
        return bool(_WARNINGS[self]["doubt"])


# Those that a verifier has to acknowledge.
DOUBTS = tuple(code for code in WarningCode if code.is_doubt)

name_words(WarningCode, {code: warning["name"] for code, warning in _WARNINGS.items()})


@dataclass(frozen=True, slots=True)
class InventoryWarning:
    """A warning of a whole inventory, or of a line, which has each code once.

    ``facts`` are what its message has room for. ``other_line_id`` is the line that it is about besides its
    own. ``number`` tells the warnings of an inventory apart once they are kept.
    """

    code: WarningCode
    facts: Mapping[str, Fact] = field(default_factory=dict)
    line_id: LineId | None = None
    other_line_id: LineId | None = None
    number: int = 0

    @property
    def message(self) -> LocalizedText:
        if not self.facts:
            return words_of(WarningCode)[self.code]
        return told(LocalizedText(**_WARNINGS[self.code]["text"]), self.facts)


def freeze_facts(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The facts as JSON."""
    return {
        name: {"zh": fact.zh, "en": fact.en} if isinstance(fact, LocalizedText) else fact
        for name, fact in facts.items()
    }


def thaw_facts(frozen: Mapping[str, Any]) -> dict[str, Fact]:
    """What ``freeze_facts`` wrote."""
    return {
        name: fact if isinstance(fact, str) else LocalizedText(**fact)
        for name, fact in frozen.items()
    }
