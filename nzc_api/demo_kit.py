"""What the parts of the demo share."""

from nzc_api.log.model import Outcome
from nzc_api.refusal import LocalizedText


def made_up(zh: str, en: str) -> LocalizedText:
    """A name that says what it is."""
    return LocalizedText(f"{zh}（示例，虚构）", f"{en} (demo, made up)")


def done(outcome: Outcome) -> int:
    """The position at which something was done, as all of the demo is."""
    assert outcome.position is not None, outcome.refusal
    return outcome.position
