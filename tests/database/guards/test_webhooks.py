"""An endpoint is told what the log says, by a key of its own; how far, never runs ahead of what was accepted."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

REGISTRY = "$registry, $first_key"


def said(kind: str, subject: str = "$hook", state: str = "ENABLED", reason: str = "NULL") -> str:
    """Entries that say what the good row of terms has."""
    return entries(4, kind=kind, subject=subject, body=f"""jsonb_build_object(
        'url', encode(sha256(convert_to('https://hooks.example/2', 'UTF8')), 'hex'), 'wanted', '{{}}'::jsonb,
        'key', $first_key, 'state', '{state}', 'reason', {reason})""")  # fmt: skip


CREATED = entries(12, kind="WEBHOOK_CREATED", actor=REGISTRY, body="'{}'::jsonb")
UPDATED = said("WEBHOOK_UPDATED")
GONE = said("WEBHOOK_DISABLED", state="DISABLED", reason="'GONE'")
ROTATED = entries(4, kind="WEBHOOK_SECRET_ROTATED", subject="$hook", body="'{}'::jsonb")
REPLAYED = entries(
    4, kind="WEBHOOK_REPLAYED", subject="$hook", body="jsonb_build_object('after', 3)"
)

ENDPOINT, TERMS, SECRET, FORMER, CURSOR = map(
    new,
    (
        "webhook_endpoint",
        "webhook_terms",
        "webhook_secret",
        "webhook_former_secret",
        "webhook_cursor",
    ),
)
FORMER_FOR_EVER = new("webhook_former_secret", good_until="'infinity'")
SECRET_TWICE = new("webhook_former_secret", secret="sha256('b')")
SIX_FORMER = (
    "INSERT INTO webhook_former_secret "
    "SELECT $hook, $p + n, sha256(n::text::bytea), now() FROM generate_series(0, 5) AS n"
)
FORGOTTEN = "DELETE FROM webhook_secret WHERE endpoint_id = $hook"
MOVED = "UPDATE webhook_cursor SET {} WHERE endpoint_id = $hook"
DELIVERED = new("webhook_delivery", number="1 + (SELECT attempts FROM webhook_cursor WHERE endpoint_id = $hook)",
                position="$head")  # fmt: skip
TOLD = MOVED.format("position = $head, previous = $head, attempts = attempts + 1")
MORE = "INSERT INTO webhook_endpoint SELECT $head + n, $registry FROM generate_series(1, 10) AS n"

ENDPOINTS = (
    Attack("an endpoint of nobody", "webhook_endpoint_organisation_id_fkey",
           new("webhook_endpoint", organisation_id="$nobody"), before=CREATED),
    Attack("an endpoint of another than who made it", "webhook_is_its_creators",
           new("webhook_endpoint", organisation_id="$buyer"), before=CREATED),
    Attack("an endpoint that the log does not know", "webhook_is_its_creators", ENDPOINT),
    Attack("terms of nothing", "webhook_terms_endpoint_id_fkey",
           new("webhook_terms", endpoint_id="$nobody")),
    Attack("terms by no key", "webhook_terms_key_id_fkey", new("webhook_terms", key_id="$nobody")),
    Attack("terms by another's key", "webhook_sees_by_own_key", new("webhook_terms", key_id="$green_key"),
           before=UPDATED),
    Attack("an endpoint that sleeps", "webhook_terms_state_check", new("webhook_terms", state="'ASLEEP'")),
    Attack("an endpoint disabled for nothing", "webhook_terms_reason_check",
           new("webhook_terms", state="'DISABLED'")),
    Attack("an endpoint disabled for fun", "webhook_terms_reason_check",
           new("webhook_terms", state="'DISABLED'", reason="'FUN'")),
    Attack("one enabled for a reason", "webhook_terms_reason_check", new("webhook_terms", reason="'GONE'")),
    Attack("no URL", "webhook_terms_url_check", new("webhook_terms", url="''")),
    Attack("a long URL", "webhook_terms_url_check", new("webhook_terms", url="repeat('x', 1001)")),
    Attack("terms that the log does not know", "webhook_is_as_logged", TERMS),
    Attack("another URL than logged", "webhook_is_as_logged",
           new("webhook_terms", url="'https://thief.example/'"), before=UPDATED),
    Attack("another filter than logged", "webhook_is_as_logged",
           new("webhook_terms", wanted="'{\"kinds\": null}'"), before=UPDATED),
    Attack("another state than logged", "webhook_is_as_logged", TERMS, before=GONE),
    Attack("an endpoint that comes back", "webhook_stays_deleted",
           new("webhook_terms", endpoint_id="$unhooked"), before=said("WEBHOOK_ENABLED", "$unhooked")),
    Attack("an eleventh endpoint", "webhooks_are_bounded", f"{MORE}; {TERMS}", before=CREATED),
)  # fmt: skip

SECRETS = (
    Attack("a secret of nothing", "webhook_secret_endpoint_id_fkey",
           new("webhook_secret", endpoint_id="$nobody")),
    Attack("a short secret", "webhook_secret_secret_check",
           f"{FORGOTTEN}; {new('webhook_secret', secret='sha224(chr(97)::bytea)')}"),
    Attack("a secret before of nothing", "webhook_former_secret_endpoint_id_fkey",
           new("webhook_former_secret", endpoint_id="$nobody")),
    Attack("a short secret before", "webhook_former_secret_secret_check",
           new("webhook_former_secret", secret="sha224(chr(97)::bytea)")),
    Attack("a secret before that is good for ever", "webhook_secrets_are_bounded",
           f"{FORGOTTEN}; {SECRET}; {FORMER_FOR_EVER}", before=ROTATED),
    Attack("a sixth secret before", "webhook_secrets_are_bounded",
           f"{FORGOTTEN}; {SECRET}; {SIX_FORMER}", before=ROTATED),
    Attack("a secret before that was not replaced", "webhook_secret_is_replaced", FORMER, before=ROTATED),
    Attack("the secret itself as one before", "webhook_secret_is_replaced",
           f"{FORGOTTEN}; {SECRET}; {SECRET_TWICE}", before=ROTATED),
    Attack("a secret that the log does not know", "webhook_secret_is_logged", f"{FORGOTTEN}; {SECRET}"),
    Attack("a secret of another endpoint's entry", "webhook_secret_is_logged",
           new("webhook_secret", endpoint_id="$unhooked"), before=ROTATED),
)  # fmt: skip

CURSORS = (
    Attack("a cursor of nothing", "webhook_cursor_endpoint_id_fkey",
           new("webhook_cursor", endpoint_id="$nobody")),
    Attack("an event beyond what was told", "webhook_cursor_previous_check",
           MOVED.format("previous = position + 1")),
    Attack("more failures than attempts", "webhook_cursor_failures_check",
           MOVED.format("failures = attempts + 1, failing_since = now()")),
    Attack("failures since never", "webhook_cursor_failing_since_check",
           MOVED.format("attempts = attempts + 1, failures = 1")),
    Attack("told what is to come", "webhook_is_within_log", MOVED.format("position = $head + 5")),
    Attack("begun at what is to come", "webhook_is_within_log",
           f"{ENDPOINT}; {new('webhook_cursor', position='$head + 99')}", before=CREATED),
    Attack("an event passed over", "webhook_moves_by_delivery",
           MOVED.format("position = $head, previous = $head, attempts = attempts + 1")),
    Attack("an event that was not accepted", "webhook_moves_by_delivery",
           f"{DELIVERED.replace('ACCEPTED', 'REJECTED').replace('204', '500')}; {TOLD}"),
    Attack("another event than was accepted", "webhook_moves_by_delivery",
           f"{DELIVERED}; {TOLD.replace('previous = $head', 'previous = $head - 1')}"),
    Attack("told once more, and nobody said so", "webhook_moves_by_delivery",
           MOVED.format("position = previous - 1, previous = previous - 1")),
    Attack("a replay that the log does not know", "webhook_replay_is_logged",
           MOVED.format("position = 3, previous = 3, replayed = $p")),
    Attack("a replay from elsewhere than logged", "webhook_replay_is_logged",
           MOVED.format("position = 4, previous = 4, replayed = $p"), before=REPLAYED),
    Attack("an attempt at nothing", "webhook_delivery_endpoint_id_fkey",
           new("webhook_delivery", endpoint_id="$nobody")),
    *(Attack(f"an attempt {outcome} with {status}", "webhook_delivery_outcome_check",
             new("webhook_delivery", outcome=f"'{outcome}'", status=status))
      for outcome, status in (
          ("ACCEPTED", "500"), ("ACCEPTED", "NULL"), ("REDIRECTED", "200"), ("GONE", "404"), ("REJECTED", "NULL"),
          ("TIMED_OUT", "200"), ("LOST", "NULL"))),
    Attack("an attempt before the first", "webhook_delivery_attempt_check", new("webhook_delivery", attempt="0")),
)  # fmt: skip


@cases((*ENDPOINTS, *SECRETS, *CURSORS))
async def test_webhooks(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "another URL": ([TERMS], UPDATED),
    "a receiver that wants no more": (
        [new("webhook_terms", state="'DISABLED'", reason="'GONE'")],
        GONE,
    ),
    "an endpoint and where it begins": ([ENDPOINT, CURSOR], CREATED),
    "another secret": ([FORGOTTEN, SECRET, FORMER], ROTATED),
    "an event that was accepted": ([DELIVERED, TOLD], REPLAYED),
    "what was looked at": ([MOVED.format("position = $head")], REPLAYED),
    "a replay": ([MOVED.format("position = 3, previous = 3, replayed = $p")], REPLAYED),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, logged = GOOD[what]
    await let_through(who, statements, logged)
