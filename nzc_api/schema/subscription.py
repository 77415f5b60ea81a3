"""Everything that can be followed."""

import strawberry

from nzc_api.schema.feed.subscriptions import FeedSubscriptions
from nzc_api.schema.statements.subscriptions import StatementSubscriptions


@strawberry.type(
    description="What can be followed, over graphql-transport-ws or server-sent events."
)
class Subscription(FeedSubscriptions, StatementSubscriptions):
    pass
