"""Two persons: an order that one proposed and another approves."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.good_rows import new
from tests.database.guards.postings import TAKEN_BACK, corrected, fact, led, posting


def acted(
    kind: str, subject: str = "", key: str = "$second_key", registry: str = "$registry", **says: str
) -> str:
    """Four entries of a registry, by one of its keys."""
    said = ", ".join(f"'{name}', {value}" for name, value in says.items())
    body = f"jsonb_build_object({said})"
    return entries(
        4, kind=kind, body=body, subject=subject, actor=f"{registry}::bigint, {key}::bigint"
    )


def closed(outcome: str = "APPROVED", proposal: str = "$proposed", at: str = "$p") -> str:
    return new("proposal_end", proposal_id=proposal, position=at, outcome=f"'{outcome}'")


# What the entry of the good proposal says, and of the approval of each proposal of the story.
ASKED = {
    "programme": "'CCER'", "quantity": "30", "order": "'CREDITS_INVALIDATED'", "corrects": "NULL::bigint",
    "batch": "$S", "lo": "71", "hi": "101", "expires_at": "now() + interval '1 day'",
}  # fmt: skip
PROPOSED = f"{new('proposal')}; {new('grounds')}"
PROPOSING = acted("ORDER_PROPOSED", **ASKED)
DONE = {"quantity": "30", "proposal": "$proposed"}
INVALIDATING = acted("CREDITS_INVALIDATED", **DONE)
INVALIDATING_BATCH = acted("BATCH_INVALIDATED", quantity="100", proposal="$proposed_batch")
CORRECTING = acted("POSTING_CORRECTED", quantity="100", proposal="$proposed_correction")
INVALIDATED = led("held", "invalidated")
WITHDRAWING = acted("PROPOSAL_WITHDRAWN", subject="$proposed")

PROPOSALS = (
    Attack("a proposal of two orders", "proposal_one_check", new("proposal", posting_id="$retired_at")),
    Attack("a proposal of no order", "proposal_one_check",
           new("proposal", batch_id="NULL", lo="NULL", hi="NULL")),
    Attack("a proposal about nothing", "proposal_order_check", new("proposal", quantity="0", hi="71")),
    Attack("a proposal to correct what is not posted yet", "proposal_order_check",
           new("proposal", batch_id="NULL", lo="NULL", hi="NULL", posting_id="$p")),
    Attack("a proposal of other tonnes than its serials", "proposal_range_check", new("proposal", hi="102")),
    Attack("a proposal of serials without an end", "proposal_range_check", new("proposal", hi="NULL")),
    Attack("a proposal to correct serials", "proposal_range_check",
           new("proposal", batch_id="NULL", posting_id="$retired_at")),
    Attack("a proposal of no batch", "proposal_batch_id_fkey", new("proposal", batch_id="$project")),
    # It is what the log says, for a time to come, on grounds, and of a registry.
    *(Attack(f"a proposal of {what} than its entry says", "proposal_is_as_logged", PROPOSED,
             before=acted("ORDER_PROPOSED", **ASKED | says))
      for what, says in {
          "another programme": {"programme": "'PHCER'"}, "more tonnes": {"quantity": "29"},
          "another batch": {"batch": "$A"}, "other serials": {"lo": "72"}, "another end": {"hi": "102"},
          "another order": {"corrects": "$retired_at"},
          "another time": {"expires_at": "now() + interval '2 days'"},
      }.items()),
    Attack("a proposal of which the log says something else", "proposal_is_as_logged", PROPOSED,
           before=acted("EMISSION_SOURCE_RECORDED", **ASKED)),
    Attack("a proposal whose time is over when it is made", "proposal_is_as_logged",
           PROPOSED.replace("now() + interval '1 day'", "now()"),
           before=acted("ORDER_PROPOSED", **ASKED | {"expires_at": "now()"})),
    Attack("a proposal without grounds", "proposal_is_as_logged", new("proposal"), before=PROPOSING),
    *(Attack(f"a proposal by {whose}", "proposed_by_its_registry", PROPOSED,
             before=acted("ORDER_PROPOSED", key=key, registry=registry, **ASKED))
      for whose, key, registry in (
          ("nobody", "NULL", "NULL"), ("another registry", "$green_key", "$green_registry"),
          ("another's key", "$green_key", "$registry"),
          ("a key for another organisation", "$second_key", "$green_registry"))),
    # How it ends.
    Attack("an end of no proposal", "proposal_end_proposal_id_fkey", closed(proposal="$project"),
           before=INVALIDATING),
    Attack("an end before its proposal", "proposal_end_later_check", closed(at="$proposed")),
    Attack("a proposal that ends by itself", "proposal_end_outcome_check", closed("EXPIRED")),
    Attack("two proposals that end at once", "proposal_end_position_key",
           f"{closed()}; {closed(proposal='$proposed_batch')}"),
    Attack("a proposal approved that was withdrawn", "proposal_end_pkey",
           f"{closed(proposal='$given_up')}; {INVALIDATED}",
           before=acted("CREDITS_INVALIDATED", quantity="30", proposal="$given_up")),
    Attack("a proposal approved when its time is over", "proposal_ends_in_time",
           f"{closed(proposal='$late')}; {INVALIDATED}",
           before=acted("CREDITS_INVALIDATED", quantity="30", proposal="$late")),
    Attack("a proposal withdrawn when its time is over", "proposal_ends_in_time",
           closed("WITHDRAWN", proposal="$late"), before=acted("PROPOSAL_WITHDRAWN", subject="$late")),
    *(Attack(f"a proposal {outcome.lower()} by {whose}", "proposal_ended_by_its_registry",
             f"{closed(outcome)}; {INVALIDATED if outcome == 'APPROVED' else 'SELECT'}",
             before=acted("CREDITS_INVALIDATED" if outcome == "APPROVED" else "PROPOSAL_WITHDRAWN",
                          key=key, registry=registry, subject="$proposed" if outcome == "WITHDRAWN" else "", **DONE))
      for outcome in ("APPROVED", "WITHDRAWN")
      for whose, key, registry in (
          ("nobody", "NULL", "NULL"), ("another registry", "$green_key", "$green_registry"),
          ("another's key", "$green_key", "$registry"))),
    Attack("a proposal withdrawn of which the log says something else", "withdrawal_is_logged",
           closed("WITHDRAWN"), before=acted("CREDITS_INVALIDATED", subject="$proposed")),
    Attack("a proposal withdrawn instead of another", "withdrawal_is_logged",
           closed("WITHDRAWN", proposal="$proposed_batch"), before=WITHDRAWING),
    Attack("a proposal approved by the key that made it", "approved_by_another_key",
           f"{closed()}; {INVALIDATED}",
           before=acted("CREDITS_INVALIDATED", key="$first_key", **DONE)),
    Attack("a proposal of a revoked key approved", "proposer_key_is_in_force",
           f"{closed(proposal='$orphan')}; {INVALIDATED}",
           before=acted("CREDITS_INVALIDATED", quantity="30", proposal="$orphan")),
    # An approval comes with what was proposed.
    *(Attack(f"an approval of {what}", "approval_does_what_was_proposed", sql, before=before)
      for what, sql, before in (
          ("serials that does nothing", closed(), INVALIDATING),
          ("a batch that does nothing", closed(proposal="$proposed_batch"), INVALIDATING_BATCH),
          ("a correction that does nothing", closed(proposal="$proposed_correction"), CORRECTING),
          ("a proposal that its entry does not name", f"{closed()}; {INVALIDATED}",
           acted("CREDITS_INVALIDATED", quantity="30")),
          ("another proposal than its entry names", f"{closed()}; {INVALIDATED}",
           acted("CREDITS_INVALIDATED", **DONE | {"proposal": "$orphan"})),
          ("serials that the log calls frozen", f"{closed()}; {led('held', 'its holder' + chr(39) + 's frozen')}",
           acted("CREDITS_FROZEN", holder="$holder", **DONE)),
          ("other serials", closed() + "; " + posting(
              moved=["0, $holding, $invalidated, $A, 201, 231"], spent=["$rest"],
              made=["0, $invalidated, $A, 201, 231", "1, $holding, $A, 231, 1001, $A"]), INVALIDATING),
          ("fewer serials", closed() + "; " + posting(
              moved=["0, $holding, $invalidated, $S, 71, 81"], spent=["$held_lot"],
              made=["0, $invalidated, $S, 71, 81", "1, $holding, $S, 81, 101, $S"]),
           acted("CREDITS_INVALIDATED", **DONE | {"quantity": "10"})),
          ("more serials", closed() + "; " + posting(
              moved=["0, $holding, $invalidated, $S, 71, 101", "1, $retirement, $invalidated, $S, 21, 31"],
              spent=["$held_lot", "$confirmed_lot"],
              made=["0, $invalidated, $S, 71, 101", "1, $invalidated, $S, 21, 31"]),
           acted("CREDITS_INVALIDATED", **DONE | {"quantity": "40"})),
          ("another batch", f"{closed(proposal='$proposed_batch')}; {fact('INVALIDATE', batch='$A')}",
           INVALIDATING_BATCH),
          ("a batch that freezes it", f"{closed(proposal='$proposed_batch')}; {fact('FREEZE')}", INVALIDATING_BATCH),
          ("another correction",
           closed(proposal="$proposed_correction") + "; " + corrected("$transferred") + "; " + posting(
              moved=["0, $buying, $holding, $A, 1, 101"], spent=["$bought_lot"],
              made=["0, $holding, $A, 1, 101"]), CORRECTING),
      )),
)  # fmt: skip


@cases(PROPOSALS)
async def test_proposals(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a proposal": [PROPOSED],
    "a proposal withdrawn by the key that made it": [closed("WITHDRAWN")],
    "a proposal approved: serials invalidated": [closed(), led("held", "invalidated")],
    "a proposal approved: a whole batch invalidated": [closed(proposal="$proposed_batch"), fact("INVALIDATE")],
    "a proposal approved: a retirement corrected": [
        closed(proposal="$proposed_correction"), corrected("$retired_at"), TAKEN_BACK],
}  # fmt: skip

GOOD_ENTRIES = {
    "a proposal": PROPOSING,
    "a proposal withdrawn by the key that made it": acted(
        "PROPOSAL_WITHDRAWN", subject="$proposed", key="$first_key"
    ),
    "a proposal approved: serials invalidated": INVALIDATING,
    "a proposal approved: a whole batch invalidated": INVALIDATING_BATCH,
    "a proposal approved: a retirement corrected": CORRECTING,
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_good_passes(let_through: LetThrough, who: str, what: str) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
