"""Two persons of a registry: another key of it, and orders that one proposes and the other approves."""

from dataclasses import replace
from typing import Any

from tests.world import Caller, World

GROUNDS = {"document": "粤环函〔2026〕9号", "reason": "核实有误"}


async def another_key(world: World, owner: Caller) -> tuple[Caller, str]:
    """Another person of an organisation, and the id of the key."""
    made = await world.administrator.do(
        "issueApiKey", "secret apiKey { id }", organisation=owner.organisation, label="second"
    )
    return replace(owner, secret=made["secret"]), made["apiKey"]["id"]


def serials_of(prefix: str, first: int, last: int, programme: str = "CCER") -> dict[str, Any]:
    """Exact serials as the target of an order."""
    block = {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}
    return {"serials": {"programme": programme, "block": block}}


async def propose(who: Caller, wanted: str = "id", **given: Any) -> Any:
    """The proposal of an order: ``correctPosting`` or ``invalidateCredits``, and what else is given."""
    names = ("correctPosting", "invalidateCredits")
    order = {name: given.pop(name) for name in names if name in given}
    return await who.made(
        "proposeOrder", f"proposal {{ {wanted} }}", order=order, **GROUNDS | given
    )


async def approve(who: Caller, proposal: str, wanted: str = "id") -> Any:
    return await who.made("approveProposal", f"posting {{ {wanted} }}", proposal=proposal)
