"""What the webhooks room refuses."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointsFull(Refusal):
    """An organisation has as many endpoints as it may have."""

    code = "WEBHOOK_ENDPOINTS_FULL"
    zh = "贵组织已有{most}个webhook端点，不能再增加：请先用deleteWebhookEndpoint删除不再使用的端点"
    en = (
        "Your organisation has {most} webhook endpoints, and may have no more: delete one that is not used with "
        "`deleteWebhookEndpoint` first"
    )

    most: int


@dataclass(frozen=True, kw_only=True)
class WebhookSecretsFull(Refusal):
    """Messages are signed with as many secrets that were replaced as they may be."""

    code = "WEBHOOK_SECRETS_FULL"
    zh = (
        "消息已同时以此前的{most}个密钥签名，不能再增加：请等待其中一个到期，或将overlapHours设为0，"
        "此前的密钥随即全部失效"
    )
    en = (
        "Messages are signed with {most} secrets from before, and with no more: wait until one of them ends, or let "
        "`overlapHours` be 0, which ends them all at once"
    )

    most: int
