"""Organisations and API keys."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
)
from tests.database.guards.good_rows import BUYER, new

KEYS = (
    Attack("programmes of somebody who is no registry", "organisation_programmes_check",
           new("organisation", role="'AUDITOR'")),
    Attack("a credit code with a letter that none has", "organisation_credit_code_check",
           new("organisation", credit_code="'91440300192203821S'")),
    Attack("a credit code that is too short", "organisation_credit_code_check",
           new("organisation", credit_code="'91440300192203821'")),
    Attack("a credit code of two organisations", "organisation_credit_code_key",
           f"""{new("organisation", credit_code="'914403001922038216'")};
               {new("organisation", id="$p2", credit_code="'914403001922038216'")}"""),
    Attack("a key of nobody", "api_key_organisation_id_fkey",
           new("api_key", organisation_id="$nobody")),
    Attack("a secret used twice", "api_key_secret_hash_key",
           f"{new('api_key')}; {new('api_key', id='$p2')}"),
    Attack("a key revoked before it was issued", "api_key_revoked_check",
           new("api_key", revoked_position="$p")),
    Attack("a key revoked in the past", "api_key_revoked_check",
           "UPDATE api_key SET revoked_position = id - 1 WHERE id = $key"),
    Attack("a revoked key that comes back", "key_revoked_once",
           "UPDATE api_key SET revoked_position = NULL WHERE id = $revoked_key"),
    Attack("a key revoked twice", "key_revoked_once",
           "UPDATE api_key SET revoked_position = $p WHERE id = $revoked_key"),
    Attack("a key with another secret", "key_revoked_once",
           "UPDATE api_key SET secret_hash = sha256('mine') WHERE id = $key"),
    Attack("another secret while it is revoked", "key_revoked_once",
           "UPDATE api_key SET secret_hash = sha256('mine'), revoked_position = $p WHERE id = $key"),
    Attack("a key of somebody else", "key_revoked_once",
           "UPDATE api_key SET organisation_id = $buyer WHERE organisation_id = $holder"
           " AND revoked_position IS NULL"),
    Attack("a key with another label", "key_revoked_once",
           "UPDATE api_key SET label = 'other' WHERE id = $key"),
    Attack("a key with another id", "key_revoked_once",
           "UPDATE api_key SET id = $p WHERE id = $key"),
    Attack("an expiry of no key", "api_key_expiry_api_key_id_fkey",
           new("api_key_expiry", api_key_id="$holder")),
    Attack("an expiry before its key", "api_key_expiry_later_check",
           new("api_key_expiry", position="$key - 1")),
    Attack("two expiries at one position", "api_key_expiry_position_key",
           f"{new('api_key_expiry')}; {new('api_key_expiry', api_key_id='$revoked_key')}"),
    Attack("a use of no key", "api_key_use_api_key_id_fkey",
           new("api_key_use", api_key_id="$holder")),
)  # fmt: skip


@cases(KEYS)
async def test_keys(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


def renamed(amendment: str, name: str, **others: str) -> str:
    """An organisation amended to one name, and changed to another."""
    changes = ", ".join(
        f"{column} = '{value}'" for column, value in {"name_en": name, **others}.items()
    )
    said = new("organisation_amendment", after=f"""{BUYER} || '{{"name_en": "{amendment}"}}'""")
    return f"{said}; UPDATE organisation SET {changes} WHERE id = $buyer"


ORGANISATIONS = (
    Attack("an organisation changed without an amendment", "organisation_is_as_amended",
           "UPDATE organisation SET name_en = 'Other' WHERE id = $buyer"),
    Attack("an organisation changed otherwise than the amendment says", "organisation_is_as_amended",
           renamed("Other", "Another")),
    Attack("an organisation changed more than the amendment says", "organisation_is_as_amended",
           renamed("Other", "Other", name_zh="又")),
    Attack("an organisation changed twice by one amendment", "organisation_is_as_amended",
           "UPDATE organisation SET name_en = 'Yet' WHERE id = $buyer",
           before=f"{LOGGED}; {renamed('Other', 'Other')}"),
    Attack("an amendment of an organisation that is not carried out", "organisation_is_as_amended",
           new("organisation_amendment", after=f"""{BUYER} || '{{"name_en": "Other"}}'""")),
    *(Attack(f"an organisation's {column} changed", "organisation_is_as_amended",
             f"UPDATE organisation SET {column} = {value} WHERE id = $buyer",
             before=f"{LOGGED}; {new('organisation_amendment')}")
      for column, value in {"id": "$p", "role": "'ADMINISTRATOR'", "programmes": "'{PHCER}'"}.items()),
    Attack("an amendment that begins with what the organisation is not", "amendment_follows_organisation",
           new("organisation_amendment", before="""'{"name_en": "Was"}'""")),
    Attack("an amendment of no organisation", "organisation_amendment_organisation_id_fkey",
           new("organisation_amendment", organisation_id="$nobody")),
)  # fmt: skip


@cases(ORGANISATIONS)
async def test_organisations(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "an organisation amended": [renamed("Other", "Other")],
    "a key revoked": ["UPDATE api_key SET revoked_position = $p WHERE id = $key"],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
