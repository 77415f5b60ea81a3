"""An emission factor as JSON, so that a line keeps the very factor that it was reckoned with, and the
days that its year had.

Everything is in the JSON, what the source prints included: no table is asked when it is read.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.factors import (
    EmissionFactor,
    FactorKind,
    FactorPart,
    GasFactor,
    ReferenceValue,
    Source,
)
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.refusal import LocalizedText


def freeze_factor(factor: EmissionFactor) -> dict[str, Any]:
    """The factor as JSON."""
    return {
        "code": factor.code,
        "version": factor.version,
        "kind": factor.kind,
        "subject": factor.subject,
        "name": {"zh": factor.name.zh, "en": factor.name.en},
        "region": factor.region,
        "valid_year": factor.valid_year,
        "published": None if factor.published is None else _freeze_value(factor.published),
        "usable": factor.usable,
        "gases": [
            {
                "gas": gas.gas,
                "parts": [
                    {
                        "quantity": part.quantity,
                        "value": str(part.value),
                        "unit": part.unit,
                        "source": _freeze_source(part.source),
                        "valid_year": part.valid_year,
                    }
                    for part in gas.parts
                ],
            }
            for gas in factor.gases
        ],
    }


def thaw_factor(frozen: dict[str, Any]) -> EmissionFactor:
    """The factor that ``freeze_factor`` wrote."""
    published = frozen["published"]
    return EmissionFactor(
        code=frozen["code"],
        version=frozen["version"],
        kind=FactorKind(frozen["kind"]),
        subject=frozen["subject"],
        name=LocalizedText(**frozen["name"]),
        gases=tuple(
            GasFactor(
                Gas(gas["gas"]),
                tuple(
                    FactorPart(
                        quantity=part["quantity"],
                        value=Decimal(part["value"]),
                        unit=part["unit"],
                        source=_source(part["source"]),
                        valid_year=part["valid_year"],
                    )
                    for part in gas["parts"]
                ),
            )
            for gas in frozen["gases"]
        ),
        region=frozen["region"],
        valid_year=frozen["valid_year"],
        published=None if published is None else _value(published),
        usable=frozen["usable"],
    )


def freeze_days(days_a_year: int) -> dict[str, Any]:
    """The days of the year that a line was reckoned with, to be kept beside its factor."""
    return {"days_a_year": days_a_year}


def thaw_days(frozen: dict[str, Any]) -> int:
    """What ``freeze_days`` wrote; lines that are older have 365 in every year."""
    days: int = frozen.get("days_a_year", DAYS_A_YEAR)
    return days


def _freeze_value(value: ReferenceValue) -> dict[str, Any]:
    return asdict(value) | {"value": str(value.value), "source": _freeze_source(value.source)}


def _value(frozen: dict[str, Any]) -> ReferenceValue:
    return ReferenceValue(
        **frozen
        | {
            "subject": LocalizedText(**frozen["subject"]),
            "value": Decimal(frozen["value"]),
            "source": _source(frozen["source"]),
        }
    )


def _freeze_source(source: Source) -> list[str]:
    return [source.title, source.locator, source.confidence]


def _source(parts: list[str]) -> Source:
    title, locator, confidence = parts
    return Source(title, locator, Confidence(confidence))
