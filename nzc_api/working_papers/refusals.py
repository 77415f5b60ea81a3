"""What was asked for a pilot's year and came to nothing, of what the API tells. Pure.

A request that breaks a rule is refused at once, and kept for nobody but who asked: here is what the log has.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from nzc_api.ids import Position
from nzc_api.refusal import LocalizedText


class NotGranted(NamedTuple):
    """What came of something that was ``asked`` at a position, at another one; why, as far as that was said."""

    position: Position
    asked: Position
    code: str
    reason: str | None = None


WORDS: Mapping[str, LocalizedText] = {
    "CANCELLED": LocalizedText("未经确认，已取消", "cancelled, and not confirmed"),
    "EXPIRED": LocalizedText("未经确认，已过期", "its time was over, and it was not confirmed"),
    "RETURNED": LocalizedText("已退回", "returned"),
    "FAILED": LocalizedText("未通过", "not passed"),
}


# What came of it, by the kind of the entry that says so.
CODES = {
    "RETIREMENT_REQUEST_CANCELLED": "CANCELLED",
    "RETIREMENT_REQUEST_EXPIRED": "EXPIRED",
    "PLAN_RETURNED": "RETURNED",
    "APPLICATION_DECIDED": "RETURNED",
    "EVALUATION_DECIDED": "FAILED",
}


def in_requests(requests: Iterable[Any]) -> Iterator[NotGranted]:
    """Of requests for retirements that ended without one."""
    for request in requests:
        yield NotGranted(
            Position(int(request["endedPosition"])),
            Position(int(request["position"])),
            request["outcome"],
        )


def in_steps(steps: Iterable[Any], state: str) -> Iterator[NotGranted]:
    """Of the steps of what is submitted, in order: those that returned it. ``state``: where a step has its own."""
    submitted = Position(0)
    for step in steps:
        if step[state] == "SUBMITTED":
            submitted = Position(int(step["position"]))
        if step[state] == "RETURNED":
            yield NotGranted(
                position=Position(int(step["position"])),
                asked=submitted,
                code=step[state],
                reason=step["reason"],
            )


def in_evaluations(evaluations: Iterable[Any], days: tuple[str, str]) -> Iterator[NotGranted]:
    """Of evaluations of any of these days, from the first to the last."""
    first, last = days
    for evaluation in evaluations:
        decided = evaluation["decision"]
        met = evaluation["startsOn"] <= last and evaluation["endsOn"] >= first
        if decided and decided["verdict"] == "FAILED" and met:
            reason = decided["reason"]
            yield NotGranted(
                position=Position(int(decided["position"])),
                asked=Position(int(evaluation["position"])),
                code="FAILED",
                reason=reason,
            )
