"""How much is compared over the API at once. Pure."""

from nzc_api.refusal import Failed

# Bytes of a list, and of a report, which is kept.
MOST_BYTES = 8 * 1024 * 1024

ON_THE_SERVER = (
    "请按批次拆分清单，或由运行者在服务器上使用nzc reconcile",
    "split it by batches, or let the operator compare it on the server (`nzc reconcile`)",
)


class TooLarge(Failed):
    """A list, or the report of it, has more bytes than may be."""


def check_list_size(size: int) -> None:
    """Raise ``TooLarge`` where a list has so many bytes, which may be those that arrived so far."""
    if size > MOST_BYTES:
        zh, en = ON_THE_SERVER
        raise TooLarge(
            f"登记机构清单超过{MOST_BYTES}字节：{zh}",
            f"The registry's list has more than {MOST_BYTES} bytes: {en}",
        )


def check_report_size(size: int) -> None:
    """Raise ``TooLarge`` where a report has so many bytes so far."""
    if size > MOST_BYTES:
        zh, en = ON_THE_SERVER
        raise TooLarge(
            f"对账报告超过{MOST_BYTES}字节：{zh}",
            f"The report would have more than {MOST_BYTES} bytes: {en}",
        )
