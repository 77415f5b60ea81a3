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
