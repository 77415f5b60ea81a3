"""Everything that a registry can do to credits, in a word each."""

from datetime import datetime, timedelta
from typing import Any

from tests.world import World, key

GROUNDS = {"document": "D-1", "reason": "why"}


def block(prefix: str, first: int, last: int) -> dict[str, Any]:
    return {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}


class Acts:
    """A registry at work on serials of one prefix; every act returns its id."""

    def __init__(self, world: World, prefix: str) -> None:
        self.world = world
        self.prefix = prefix

    async def transfer(self, first: int, last: int, giver: str, taker: str) -> str:
        return await self._made(
            "transferCredits", "transfer", serials=block(self.prefix, first, last), programme="CCER",
            to=taker, **{"from": giver},
        )  # fmt: skip

    async def retire(self, pilot: dict[str, Any], first: int, last: int, **given: Any) -> str:
        asked = self.world.retirement(pilot, self.prefix, first, last, **given)
        return await self._made("retireCredits", "retirement", **asked)

    async def retire_quantity(self, pilot: dict[str, Any], quantity: int, holder: str) -> str:
        asked = self.world.retirement(pilot, self.prefix, 1, 1, holder=holder)
        return await self._made(
            "retireCredits", "retirement", **asked | {"serials": None, "quantity": str(quantity)}
        )

    async def request(self, pilot: dict[str, Any], first: int, last: int) -> str:
        expires_at = datetime.now().astimezone() + timedelta(days=3)
        return await self._made(
            "requestRetirement", "request", serials=block(self.prefix, first, last),
            programme="CCER", pilot=pilot["id"], accountingPeriod=pilot["periods"][2022],
            expiresAt=expires_at.isoformat(),
        )  # fmt: skip

    async def confirm(self, request: str, **part: str) -> str:
        return await self._made(
            "confirmRetirement", "retirement", request=request, retiredOn="2024-07-01",
            registryReference=key(), **part,
        )  # fmt: skip

    async def cancel(self, request: str) -> str:
        return await self._made("cancelRetirementRequest", "posting", request=request)

    async def use(self, first: int, last: int) -> str:
        return await self._made(
            "useCredits", "use", serials=block(self.prefix, first, last), programme="CCER",
            purpose="EVENT", usedOn="2024-07-01", beneficiary="a conference",
        )  # fmt: skip

    async def order(self, verb: str, first: int, last: int) -> str:
        """Freeze, unfreeze or invalidate serials."""
        serials = {"programme": "CCER", "block": block(self.prefix, first, last)}
        return await self._made(f"{verb}Credits", "posting", target={"serials": serials}, **GROUNDS)

    async def order_batch(self, verb: str, batch: str) -> str:
        return await self._made(f"{verb}Credits", "posting", target={"batch": batch}, **GROUNDS)

    async def export(self, batch: str) -> str:
        return await self._made("recordExport", "posting", batch=batch, **GROUNDS)

    async def correct(self, posting: str) -> str:
        return await self._made("correctPosting", "posting", posting=posting, **GROUNDS)

    async def _made(self, verb: str, wanted: str, **given: Any) -> str:
        made = await self.world.registry.made(verb, f"{wanted} {{ id }}", **given)
        return str(made["id"])


async def everything(world: World, prefix: str = "GD-E") -> dict[str, Any]:
    """A batch of 1,000 to which everything happened: its id, the pilot, and the acts' ids."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), prefix, 1, 1000)
    acts = Acts(world, prefix)
    a, b = world.holder.organisation, world.other_operator.organisation
    done: dict[str, Any] = {"batch": batch, "pilot": pilot, "holder": a, "other": b}
    done["transferred"] = await acts.transfer(1, 500, a, b)
    done["back"] = await acts.transfer(101, 110, b, a)
    done["retired"] = await acts.retire_quantity(pilot, 120, b)  # in two pieces
    done["mistaken"] = await acts.retire(pilot, 201, 220)
    done["corrected"] = await acts.correct(done["mistaken"])
    done["confirmed_request"] = await acts.request(pilot, 301, 310)
    done["confirmed"] = await acts.confirm(done["confirmed_request"])
    done["cancelled_request"] = await acts.request(pilot, 311, 320)
    await acts.cancel(done["cancelled_request"])
    done["open_request"] = await acts.request(pilot, 321, 330)
    done["used"] = await acts.use(401, 410)
    await acts.order("freeze", 411, 430)
    await acts.order("unfreeze", 421, 430)
    await acts.order("invalidate", 96, 100)  # retired ones
    await acts.order("invalidate", 600, 609)
    await acts.order_batch("freeze", batch)
    await acts.order_batch("unfreeze", batch)
    return done
