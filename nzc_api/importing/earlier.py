"""What is said of rows that were answered before: how it stands with them now."""

from collections.abc import Mapping
from typing import Any, NamedTuple

# What a row is that was done before, and was taken back since.
NOT_IN_FORCE = "NOT_IN_FORCE"

NEW_KEY_ZH = "请在idempotency_key列为该行填写一个新的键"
NEW_KEY_EN = "give the row a new key in a column idempotency_key"


class StandingTonnes(NamedTuple):
    """How many tonnes a row was about, and how many of them were corrected or invalidated since."""

    quantity: int
    lost: int

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> "StandingTonnes":
        """What the API says of what a row brought about: tonnes that are ``lost``, or a ``correction`` of all."""
        quantity = int(result["quantity"])
        return cls(quantity, quantity if result.get("correction") else int(result.get("lost", 0)))

    def message(self, position: str) -> Mapping[str, str]:
        return {
            "zh": f"该行此前已登记（记录位置{position}），但其{self.quantity}吨中有{self.lost}吨此后被更正或失效，"
            f"不算完成；如需重新登记，{NEW_KEY_ZH}",
            "en": f"It was done before, at position {position}, but {self.lost} t of its {self.quantity} t were "
            f"corrected or invalidated since, so it does not count as done; to do it again, {NEW_KEY_EN}",
        }


def as_of_then(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """The error of a row that was refused before, which says as of when, and what the answer would be now."""
    error: Mapping[str, Any] = before["error"]
    then = before["asOfPosition"]
    zh = f"（此为记录位置{then}时的答复，" if then else "（此为先前的答复，"
    en = (
        f" (that was the answer as of position {then}; "
        if then
        else " (that was an earlier answer; "
    )
    if now["error"] is None:
        zh, en = f"{zh}现在可以完成：{NEW_KEY_ZH}）", f"{en}now it would be done: {NEW_KEY_EN})"
    elif now["error"] == error:
        zh, en = f"{zh}现在仍然如此）", f"{en}it would be the same now)"
    else:
        today = now["error"]["message"]
        zh = f"{zh}现在的答复会是：{today['zh']}；如需得到该答复，{NEW_KEY_ZH}）"
        en = f"{en}now it would be: {today['en']}; to be answered so, {NEW_KEY_EN})"
    message = error["message"]
    return {**error, "message": {"zh": message["zh"] + zh, "en": message["en"] + en}}
