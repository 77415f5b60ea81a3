"""A leaf is what ``docs/proofs.md`` says, to the last byte, and tells nothing else."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from nzc_api.access.principals import Principal, Role
from nzc_api.feed.audiences import opens
from nzc_api.ids import ApiKeyId, OrganisationId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.log.requests import Actor
from nzc_api.proofs.leaf import canonical, commitment, leaf_of, openings
from nzc_api.proofs.tree import leaf_hash

# The vectors that other languages are to be compared by.
VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("leaves.json").read_text("utf-8")
)


def entry_of(said: dict[str, Any]) -> Entry:
    actor = Actor(said["organisation"], said["apiKey"])
    at = datetime.fromisoformat(said["at"])
    return Entry(
        position=Position(said["position"]),
        at=at,
        kind=said["kind"],
        subject_id=said["subject"],
        actor=actor,
        body=said["body"],
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["entry"]["kind"])
def test_leaves_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    entry, salt = entry_of(vector["entry"]), bytes.fromhex(vector["salt"])
    assert leaf_of(entry, salt).decode() == vector["leaf"]
    assert leaf_hash(vector["leaf"].encode()).hex() == vector["leafHash"]
    assert [[o.name, o.value, o.salt.hex()] for o in openings(entry, salt)] == vector["openings"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["entry"]["kind"])
def test_a_leaf_is_made_as_the_page_says(vector: dict[str, Any]) -> None:
    """Anew, with nothing of ours."""
    said, salt = vector["entry"], bytes.fromhex(vector["salt"])
    facts: dict[str, Any] = {
        "subject": str(said["subject"]),
        "api_key": None if said["apiKey"] is None else str(said["apiKey"]),
    } | {f"body.{name}": value for name, value in said["body"].items()}
    commitments = []
    for name, value in facts.items():
        key = hmac.new(salt, name.encode(), hashlib.sha256).digest()
        pair = json.dumps([name, value], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        commitments.append(hashlib.sha256(key + pair.encode()).hexdigest())
    leaf = {
        "at": said["at"],
        "facts": sorted(commitments),
        "form": "nzc-leaf-1",
        "kind": said["kind"],
        "organisation": None if said["organisation"] is None else str(said["organisation"]),
        "position": str(said["position"]),
    }
    assert json.dumps(leaf, ensure_ascii=False, separators=(",", ":")) == vector["leaf"]


SALT = bytes(range(16))
ENTRY = Entry(
    Position(7), datetime(2026, 12, 1, 8, tzinfo=timezone(timedelta(hours=8))), "CREDITS_USED", 7,
    Actor(OrganisationId(3), ApiKeyId(4)), {"beneficiary": "广州马拉松", "quantity": 12, "reference": None},
)  # fmt: skip


def test_a_leaf_shows_what_the_feed_shows_and_no_more() -> None:
    leaf = json.loads(leaf_of(ENTRY, SALT))
    assert leaf.pop("facts")
    assert leaf == {
        "form": "nzc-leaf-1", "position": "7", "at": "2026-12-01T00:00:00.000000Z", "kind": "CREDITS_USED",
        "organisation": "3",
    }  # fmt: skip


def test_every_fact_counts() -> None:
    before = leaf_of(ENTRY, SALT)
    others = [
        ENTRY._replace(position=Position(8)), ENTRY._replace(at=ENTRY.at + timedelta(microseconds=1)),
        ENTRY._replace(kind="CREDITS_RETIRED"), ENTRY._replace(subject_id=6),
        ENTRY._replace(actor=Actor(OrganisationId(2), ApiKeyId(4))),
        ENTRY._replace(actor=Actor(OrganisationId(3), ApiKeyId(5))),
        ENTRY._replace(actor=Actor(OrganisationId(3), None)), ENTRY._replace(body={}),
        *(ENTRY._replace(body={**ENTRY.body, name: other})
          for name, other in {"beneficiary": "广州马拉松 ", "quantity": "12", "reference": "", "more": None}.items()),
    ]  # fmt: skip
    assert len({before, *(leaf_of(other, SALT) for other in others)}) == 1 + len(others)
    assert leaf_of(ENTRY, SALT[::-1]) != before
    assert leaf_of(ENTRY._replace(at=ENTRY.at.astimezone(UTC)), SALT) == before


def test_an_opening_opens_its_own_commitment_alone() -> None:
    facts = json.loads(leaf_of(ENTRY, SALT))["facts"]
    found = list(openings(ENTRY, SALT))
    assert [o.name for o in found] == [
        "subject", "api_key", "body.beneficiary", "body.quantity", "body.reference",
    ]  # fmt: skip
    assert sorted(commitment(o).hex() for o in found) == facts
    first, *others = found
    for bad in (
        first._replace(value='"8"'), first._replace(name="api_key"), first._replace(salt=bytes(32)),
        *(first._replace(salt=o.salt) for o in others),
    ):  # fmt: skip
        assert commitment(bad).hex() not in facts


# Of RFC 8785: the order of its names (3.2.3), and how it writes texts (3.2.2.2).
def test_json_is_canonical() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    inner = ",".join(f"{json.dumps(name, ensure_ascii=False)}:1" for name in
                     ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"])  # fmt: skip
    assert canonical(dict.fromkeys(names, 1)) == f"{{{inner}}}"
    assert canonical('\u20ac$\u000f\nA\'B"\\\\"/') == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert canonical([True, None, {"b": [], "a": 1 << 60}]) == (
        '[true,null,{"a":1152921504606846976,"b":[]}]'
    )


def principal(role: Role, organisation: int = 9) -> Principal:
    return Principal(OrganisationId(organisation), ApiKeyId(1), role)


def test_who_sees_all_that_an_entry_says() -> None:
    draft = ENTRY._replace(kind=EntryKind.INVENTORY_AMENDED)
    assert not opens(None, ENTRY)
    assert not opens(principal(Role.REGISTRY), ENTRY)
    assert opens(principal(Role.REGISTRY, 3), ENTRY)
    assert opens(principal(Role.PILOT_OPERATOR, 3), draft)
    assert opens(principal(Role.AUDITOR), ENTRY)
    assert not opens(principal(Role.AUDITOR), draft)
    assert opens(principal(Role.ADMINISTRATOR), draft)
    assert not opens(principal(Role.REGULATOR), draft)
    handed_in = {
        EntryKind.INVENTORY_SUBMITTED,
        EntryKind.INVENTORY_VERIFIED,
        EntryKind.TARGET_RECORDED,
    }
    for kind in handed_in | {
        EntryKind.PLAN_SUBMITTED,
        EntryKind.API_KEY_ISSUED,
        EntryKind.READINGS_RECORDED,
    }:
        opened = opens(principal(Role.AUDITOR), ENTRY._replace(kind=kind))
        assert opened is (kind in handed_in), kind
    # Of the operator's own command line nobody is an organisation.
    assert not opens(principal(Role.REGISTRY), ENTRY._replace(actor=Actor()))
