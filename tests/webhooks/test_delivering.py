"""Delivering."""

from standardwebhooks import Webhook

from tests.webhooks.receiving import Hooks, Receiver


async def test_all_that_follows_a_position_in_order(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.registered(30)
    endpoint, secret = await hooks.created(receiver.url)
    await hooks.delivery.deliver()
    head = await hooks.head()
    assert receiver.positions == list(range(1, head + 1))
    for got in receiver.got:
        Webhook(secret).verify(got.body, dict(got.headers))
    assert (await hooks.endpoint(endpoint)).cursor.position == head
