"""What an order holds back stays."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
)
from tests.database.guards.postings import (
    BATCH,
    ISSUED,
    WHOLE,
    asked,
    corrected,
    ended,
    fact,
    led,
    posting,
    retired,
)

# What an order that holds a whole batch back stops, at $p2, and what only an export stops.
FOR_A_PILOT = {
    "retired": led("held", "a retirement", "$p2"),
    "requested": f"{asked('$p2')}; {led('held', 'a request', '$p2')}",
    "confirmed": f"{ended('CONFIRMED', at='$p2')}; {led('requested', 'a retirement', '$p2')}",
}
ELSEWISE = {
    "transferred": led("held", "another holder", "$p2"),
    "used": led("held", "its holder's use", "$p2"),
    "frozen once more": led("held", "its holder's frozen", "$p2"),
    "corrected": f"{corrected('$used', '$p2')}; {led('used', 'its holder', '$p2')}",
    "corrected out of a retirement":
        f"{corrected('$confirmed', '$p2')}; {led('retired', 'its holder', '$p2')}",
}  # fmt: skip
INVALIDATED_AGAIN = {
    f"{source}, invalidated once more": led(source, "invalidated", "$p2")
    for source in ("held", "retired", "used", "frozen")
}
# What is set aside may go back to its holder, whatever holds the batch back.
GIVEN_BACK = {
    "cancelled": f"{ended('CANCELLED', at='$p2')}; {led('requested', 'its holder', '$p2')}",
    "released": led("frozen", "its holder", "$p2"),
}

HELD_BACK = (
    Attack("a fact of no kind", "batch_fact_kind_check", fact("MELT")),
    Attack("a fact of no batch", "batch_fact_batch_id_fkey", fact("FREEZE", batch="$retired_at")),
    Attack("a fact of what is issued later", "batch_fact_later_check", fact("FREEZE", batch="$p2")),
    *(Attack(f"{what}: {kind}", "batch_is_free", sql, before=f"{LOGGED}; {fact(kind)}")
      for kind, stopped in (("FREEZE", FOR_A_PILOT | ELSEWISE), ("EXPORT", FOR_A_PILOT),
                            ("INVALIDATE", FOR_A_PILOT | ELSEWISE | INVALIDATED_AGAIN))
      for what, sql in stopped.items()),
    Attack("retired of a batch that is frozen at that very position", "batch_is_free",
           led("held", "a retirement"), before=f"{LOGGED}; {fact('FREEZE')}"),
    Attack("retired of a batch that is frozen again", "batch_is_free",
           led("held", "a retirement", "$p4"),
           before=f"{LOGGED}; {fact('FREEZE')}; {fact('UNFREEZE', '$p2')}; {fact('FREEZE', '$p3')}"),
    Attack("retired of a batch that thaws later", "batch_is_free",
           led("held", "a retirement", "$p2"),
           before=f"{LOGGED}; {fact('FREEZE')}; {fact('UNFREEZE', '$p3')}"),
    Attack("retired of an invalidated batch that was frozen and has thawed", "batch_is_free",
           led("held", "a retirement", "$p4"),
           before=f"{LOGGED}; {fact('FREEZE')}; {fact('INVALIDATE', '$p2')};"
           f" {fact('UNFREEZE', '$p3')}"),
    Attack("retired of what the story exported", "batch_is_free",
           retired("$X_lot", "$X", 1, "$retirement")),
    Attack("retired beside a retirement that is in order", "batch_is_free",
           posting(moved=["0, $holding, $retirement, $A, 201, 1001",
                          "1, $holding, $retirement, $X, 1, 101"],
                   spent=["$rest", "$X_lot"],
                   made=["0, $retirement, $A, 201, 1001", "1, $retirement, $X, 1, 101"])),
)  # fmt: skip


@cases(HELD_BACK)
async def test_orders(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    **{f"{what}: {kind}": [fact(kind), sql]
       for kind, allowed in (
           ("FREEZE", GIVEN_BACK | INVALIDATED_AGAIN), ("INVALIDATE", GIVEN_BACK),
           ("EXPORT", GIVEN_BACK | ELSEWISE | INVALIDATED_AGAIN),
           ("UNFREEZE", FOR_A_PILOT | ELSEWISE))
       for what, sql in allowed.items()},
    "a retirement after its batch has thawed": [
        fact("FREEZE"), fact("UNFREEZE", "$p2"), led("held", "a retirement", "$p3")],
    "a retirement before its batch was frozen": [fact("FREEZE", "$p2"), led("held", "a retirement")],
    "a batch issued and frozen": [
        fact("FREEZE", "$p2", "$p"), posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
