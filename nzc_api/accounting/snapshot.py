"""An emission factor as JSON, so that a line keeps the very factor that it was reckoned with."""

from decimal import Decimal
from typing import Any

from nzc_api.accounting.factors import (
    REFERENCE_VALUES,
    Confidence,
    EmissionFactor,
    FactorKind,
    FactorPart,
    GasFactor,
    Source,
)
from nzc_api.accounting.gases import Gas
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
        "published": factor.published and factor.published.code,
        "usable": factor.usable,
        "gases": [
            {
                "gas": gas.gas,
                "parts": [
                    {
                        "quantity": part.quantity,
                        "value": str(part.value),
                        "unit": part.unit,
                        "source": [part.source.title, part.source.locator, part.source.confidence],
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
        frozen["code"],
        frozen["version"],
        FactorKind(frozen["kind"]),
        frozen["subject"],
        LocalizedText(**frozen["name"]),
        tuple(
            GasFactor(
                Gas(gas["gas"]),
                tuple(
                    FactorPart(p["quantity"], Decimal(p["value"]), p["unit"], _source(p["source"]))
                    for p in gas["parts"]
                ),
            )
            for gas in frozen["gases"]
        ),
        frozen["region"],
        frozen["valid_year"],
        None if published is None else REFERENCE_VALUES[published],
        frozen["usable"],
    )


def _source(parts: list[str]) -> Source:
    title, locator, confidence = parts
    return Source(title, locator, Confidence(confidence))
