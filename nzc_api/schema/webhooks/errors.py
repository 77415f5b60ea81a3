"""What refuses webhook endpoints, as GraphQL."""

import nzc_api.webhooks.errors as webhooks
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute


@explains(webhooks.WebhookEndpointsFull)
class WebhookEndpointsFull(UserError):
    most = attribute(int, "most", "How many an organisation may have.")


@explains(webhooks.WebhookSecretsFull)
class WebhookSecretsFull(UserError):
    most = attribute(int, "most", "With how many secrets from before messages are signed at most.")
