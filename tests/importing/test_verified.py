"""Who verified what a row issues, and by which labels it goes."""

from typing import Any

import pytest

from nzc_api.files.cells import UnreadableCell
from nzc_api.importing.verified import verified_in

ROW = {
    "verified_by": "某核查公司", "verified_by_code": "91440300100000000R", "verification_report": "ＨＣ-1",
    "verification_report_dated": "2023年6月1日", "verification_report_sha256": "a" * 64,
    "labels": "CCP; CORSIA", "labels_zh": "核心碳原则；国际航空", "labels_en": "Core Carbon Principles;Aviation",
    "labels_issued_by": "ICVCM; ICAO", "labels_from": "2024-01-01; 2024/2/1", "labels_to": "; 2026-12-31",
}  # fmt: skip


def test_it_is_read_as_a_table_shows_it() -> None:
    assert verified_in(ROW) == {
        "verification": {
            "body": {"name": "某核查公司", "creditCode": "91440300100000000R"},
            "report": {"number": "HC-1", "dated": "2023-06-01", "sha256": "a" * 64},
        },
        "labels": [
            {"code": "CCP", "name": {"zh": "核心碳原则", "en": "Core Carbon Principles"}, "issuedBy": "ICVCM",
             "validFrom": "2024-01-01", "expiresOn": None},
            {"code": "CORSIA", "name": {"zh": "国际航空", "en": "Aviation"}, "issuedBy": "ICAO",
             "validFrom": "2024-02-01", "expiresOn": "2026-12-31"},
        ],
    }  # fmt: skip


def test_a_row_that_says_none_of_it_asks_for_what_it_did() -> None:
    assert verified_in({"serials": "A-1"}) == {}


def test_less_may_be_said() -> None:
    by = verified_in({"verified_by": "91440300100000000R"})
    assert by == {
        "verification": {"body": {"name": None, "creditCode": "91440300100000000R"}, "report": None}
    }
    without_ends = {name: cell for name, cell in ROW.items() if name != "labels_to"}
    assert [label["expiresOn"] for label in verified_in(without_ends)["labels"]] == [None, None]


def without(name: str) -> dict[str, Any]:
    return {column: cell for column, cell in ROW.items() if column != name}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"verification_report": "HC-1"}, "verified_by"),
        (without("verification_report"), "verification_report"),
        (without("verification_report_dated"), "verification_report_dated"),
        (ROW | {"verification_report_dated": "June"}, "June"),
        (without("labels"), "labels"),
        (without("labels_en"), "labels_en"),
        ({"labels_to": "2026-12-31"}, "labels"),
        (ROW | {"labels_zh": "核心碳原则"}, "2, with semicolons"),
        (ROW | {"labels_to": "2026-12-31"}, "2, with semicolons"),
        (ROW | {"labels_from": "2024-01-01; "}, "“”"),
    ],
)
def test_what_cannot_be_read_is_told(row: dict[str, str], told: str) -> None:
    with pytest.raises(UnreadableCell) as refused:
        verified_in(row)
    assert told in refused.value.why.en
    assert refused.value.why.zh
