"""What came to nothing, of what the API tells."""

from typing import Any

import pytest

from nzc_api.ids import Position
from nzc_api.working_papers.refusals import NotGranted, in_evaluations, in_requests, in_steps

YEAR = ("2022-01-01", "2022-12-31")


def test_a_request_that_ended_without_a_retirement() -> None:
    asked = {"position": "5", "endedPosition": "9", "outcome": "EXPIRED"}
    assert list(in_requests([asked])) == [NotGranted(Position(9), Position(5), "EXPIRED")]


def test_what_was_returned_was_asked_for_by_the_submission_before() -> None:
    steps = [
        {"position": at, "state": state, "reason": reason}
        for at, state, reason in (
            ("3", "SUBMITTED", None), ("4", "RETURNED", "A"), ("6", "SUBMITTED", None), ("7", "RETURNED", "B"),
            ("8", "SUBMITTED", None), ("9", "APPROVED", None),
        )
    ]  # fmt: skip
    assert list(in_steps(steps, "state")) == [
        NotGranted(position=Position(4), asked=Position(3), code="RETURNED", reason="A"),
        NotGranted(position=Position(7), asked=Position(6), code="RETURNED", reason="B"),
    ]


def evaluated(first: str, last: str, verdict: str | None) -> dict[str, Any]:
    decision = verdict and {"position": "9", "verdict": verdict, "reason": "C"}
    return {"position": "5", "startsOn": first, "endsOn": last, "decision": decision}


@pytest.mark.parametrize(
    ("first", "last", "verdict", "found"),
    [
        ("2022-01-01", "2022-12-31", "FAILED", True),
        ("2020-01-01", "2022-01-01", "FAILED", True),
        ("2022-12-31", "2024-12-31", "FAILED", True),
        ("2020-01-01", "2021-12-31", "FAILED", False),
        ("2023-01-01", "2024-12-31", "FAILED", False),
        ("2022-01-01", "2022-12-31", "PASSED", False),
        ("2022-01-01", "2022-12-31", None, False),
    ],
)
def test_an_evaluation_that_was_not_passed_of_days_of_the_year(
    first: str, last: str, verdict: str | None, found: bool
) -> None:
    came = list(in_evaluations([evaluated(first, last, verdict)], YEAR))
    assert came == (
        [NotGranted(position=Position(9), asked=Position(5), code="FAILED", reason="C")]
        if found
        else []
    )
