"""Applications, proposals, registries' lists, keys and endpoints: something of every kind of event of these."""

from datetime import UTC, datetime, timedelta

from nzc_api.database.engine import Database
from nzc_api.ids import ApiKeyId
from nzc_api.log.requests import Actor
from nzc_api.services import Nzc
from tests.auditing.reconciling import handed_in
from tests.proposing import another_key, approve, propose, serials_of
from tests.selection.applying import REASON, applied, claimed, decision, judged, opened, submitted
from tests.webhooks.registering import every_way
from tests.world import World, key


async def tell_orders(world: World, url: str) -> dict[str, str]:
    """What was made, by names."""
    told = await _chosen(world)
    told |= await _proposed(world)
    told["reconciliation"] = (
        await handed_in(
            world.registry, "序列号,证书编号,数量,状态,持有者,试点\nGD-O-1 to 9,,,held,,\n"
        )
    )["id"]
    told["endpoint"] = await every_way(world)
    told["key"] = await _keyed(world, url)
    return told


async def _chosen(world: World) -> dict[str, str]:
    """An application that was returned and then selected, one that nobody was ever handed, and one that was taken
    back after it was submitted."""
    selected = await opened(world)
    await claimed(world, selected, "BUILDING-3", documents=2)
    await submitted(world, selected)
    given = decision(selected, "RETURNED")
    await world.regulator.made("decideApplication", "application { id }", **given)
    await claimed(world, selected, "BUILDING-2")
    await submitted(world, selected)
    await judged(world, selected, "BUILDING-2", "BUILDING-3")
    given = decision(selected, "SELECTED", "CHOSEN-1")
    made = await world.regulator.made("decideApplication", "application { pilot { id } }", **given)
    unseen, taken_back = await opened(world), await applied(world)
    for application in (unseen, taken_back):
        await world.operator.made(
            "withdrawApplication", "application { id }", application=application, reason=REASON
        )
    return {"selected": selected, "chosen": made["pilot"]["id"], "unseen": unseen}


async def _proposed(world: World) -> dict[str, str]:
    """Invalidations that were proposed: one that was approved, and one that was withdrawn."""
    await world.issue(await world.project(), "GD-O", 1, 100)
    second, _ = await another_key(world, world.registry)
    proposals = [
        await propose(world.registry, invalidateCredits=serials_of("GD-O", first, last))
        for first, last in ((10, 19), (20, 29))
    ]
    approved, withdrawn = (proposal["id"] for proposal in proposals)
    await approve(second, approved)
    await world.registry.made("withdrawProposal", "proposal { id }", proposal=withdrawn)
    return {"approved": approved}


async def _keyed(world: World, url: str) -> str:
    """A key of the registry with an end, which was put off; then it was revoked."""
    until = datetime.now(UTC) + timedelta(days=1)
    made = await world.administrator.made(
        "issueApiKey", "apiKey { id }", organisation=world.registry.organisation, label="张三",
        expiresAt=until.isoformat(),
    )  # fmt: skip
    found: str = made["id"]
    position = await world.head()
    async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
        await nzc.services.access.expire_api_key_as(
            Actor(), key(), ApiKeyId(position), until + timedelta(days=1)
        )
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=found)
    return found
