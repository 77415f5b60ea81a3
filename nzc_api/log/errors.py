"""What the log refuses."""

from dataclasses import dataclass

from nzc_api.refusal import LocalizedText, Refusal


@dataclass(frozen=True, kw_only=True)
class IdempotencyKeyReused(Refusal):
    """The key was used before by the same organisation, with other content."""

    code = "IDEMPOTENCY_KEY_REUSED"
    zh = "幂等键“{key}”已用于内容不同的请求；如要提交新的内容，请使用新的键"
    en = "The idempotency key “{key}” was used with other content; use a new key for new content"

    key: str


class LogReplaced(Exception):
    """The caller knows another log: this one was restored and goes on by itself, or is of another
    database."""

    code = "LOG_REPLACED"

    def __init__(self, log_id: str, known: str) -> None:
        super().__init__(log_id)
        self.message = LocalizedText(
            f"此处的日志是{log_id}，不是“{known}”：数据库由备份恢复后已另起新的日志，或是另一个数据库。"
            "其位置的含义不同，请从0重新读取",
            f"The log here is {log_id}, not “{known}”: the database was restored and goes on by itself, or "
            "is another one. Its positions mean something else: read it from 0",
        )
