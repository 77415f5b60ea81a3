"""What the log refuses."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class IdempotencyKeyReused(Refusal):
    """The key was used before by the same organisation, with other content."""

    code = "IDEMPOTENCY_KEY_REUSED"
    zh = "幂等键“{key}”已用于内容不同的请求；如要提交新的内容，请使用新的键"
    en = "The idempotency key “{key}” was used with other content; use a new key for new content"

    key: str
