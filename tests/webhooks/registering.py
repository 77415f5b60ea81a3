"""Registering endpoints over the API: of what does not happen, so that nothing is posted."""

from typing import Any

from tests.world import World, key

MADE = "webhookEndpoint { id }"


def endpoint(**given: Any) -> dict[str, Any]:
    of_nothing = {"kinds": ["PILOT_OVERLAP_RECORDED"]}
    return {"url": "https://hooks.example/1", "label": "对账", "filter": of_nothing} | given


async def hooked(world: World, **given: Any) -> str:
    """An endpoint of the holder."""
    made = await world.holder.made("createWebhookEndpoint", MADE, **endpoint(**given))
    found: str = made["id"]
    return found


async def every_way(world: World) -> str:
    """An endpoint of the holder to which all was done that can be done, and another that was deleted."""
    hook = await hooked(world)
    endpoint = {"webhookEndpoint": hook}
    for verb, more in (
        ("updateWebhookEndpoint", {"label": key()}),
        ("disableWebhookEndpoint", {}),
        ("enableWebhookEndpoint", {}),
        ("rotateWebhookSecret", {}),
        ("replayWebhookEndpoint", {"after": "0"}),
    ):
        await world.holder.made(verb, MADE, **endpoint, **more)
    await world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=await hooked(world))
    return hook
