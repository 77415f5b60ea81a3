"""Being asked for more than one will queue, or while somebody else is in the way."""

from nzc_api.refusal import LocalizedText

RETRY_AFTER_SECONDS = 1

TOO_MANY = LocalizedText("等待处理的请求过多", "too many requests are waiting")


class Overloaded(Exception):
    """Nothing was done, because of ``reason``; try again after ``retry_after`` seconds."""

    def __init__(
        self, retry_after: int = RETRY_AFTER_SECONDS, reason: LocalizedText = TOO_MANY
    ) -> None:
        super().__init__(f"{reason.en}: try again after {retry_after} s")
        self.retry_after = retry_after
        self.reason = reason
