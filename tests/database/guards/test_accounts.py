"""Accounts are of known kinds, one of each."""

from tests.database.guards.attacks import Attack, Stopped, cases
from tests.database.guards.good_rows import new

ACCOUNTS = (
    Attack("two accounts of a kind: issuance", "account_one_of_a_kind_key",
           new("account", kind="'ISSUANCE'", programme="'CCER'", pilot_id="NULL",
               period_id="NULL")),
    Attack("two accounts of a kind: holding", "account_one_of_a_kind_key",
           new("account", kind="'HOLDING'", programme="'CCER'", organisation_id="$holder",
               pilot_id="NULL", period_id="NULL")),
    Attack("two accounts of a kind: retirement", "account_one_of_a_kind_key",
           new("account", period_id="$alone_2022")),
    Attack("two accounts of a number", "account_pkey", new("account", id="$holding")),
    Attack("an account for another pilot's period", "account_pilot_id_period_id_fkey",
           new("account", period_id="$town_2022")),
    Attack("an account for no period", "account_pilot_id_period_id_fkey",
           new("account", period_id="$nobody")),
    Attack("an account of nobody", "account_organisation_id_fkey",
           new("account", kind="'HOLDING'", programme="'CCER'", organisation_id="$nobody",
               pilot_id="NULL", period_id="NULL")),
    *(Attack(f"an account of no known shape: {what}", "account_kind_check",
             new("account", **changes))
      for what, changes in {
          "unknown kind": {"kind": "'LIMBO'"},
          "retirement of no pilot": {"pilot_id": "NULL"},
          "retirement in no period": {"period_id": "NULL"},
          "retirement of a holder": {"organisation_id": "$holder"},
          "retirement in a programme": {"programme": "'CCER'"},
          "holding of a pilot": {"kind": "'HOLDING'", "programme": "'CCER'",
                                 "organisation_id": "$holder"},
          "holding of nobody": {"kind": "'HOLDING'", "programme": "'CCER'", "pilot_id": "NULL",
                                "period_id": "NULL"},
          "holding in no programme": {"kind": "'HOLDING'", "organisation_id": "$holder",
                                      "pilot_id": "NULL", "period_id": "NULL"},
          "issuance in no programme": {"kind": "'ISSUANCE'", "pilot_id": "NULL",
                                       "period_id": "NULL"},
          "request of no holder": {"kind": "'PENDING'", "programme": "'CCER'"},
          "request for no pilot": {"kind": "'PENDING'", "programme": "'CCER'", "pilot_id": "NULL",
                                   "period_id": "NULL", "organisation_id": "$holder"},
          "request in no programme": {"kind": "'PENDING'", "organisation_id": "$holder"},
          "another use of nobody": {"kind": "'OTHER_USE'", "programme": "'CCER'",
                                    "pilot_id": "NULL", "period_id": "NULL", "purpose": "'EVENT'"},
          "another use for nothing": {"kind": "'OTHER_USE'", "programme": "'CCER'",
                                      "organisation_id": "$holder", "pilot_id": "NULL",
                                      "period_id": "NULL"},
          "another use for a pilot and no period": {
              "kind": "'OTHER_USE'", "programme": "'CCER'", "organisation_id": "$holder",
              "period_id": "NULL", "purpose": "'OWN_SINK'"},
          "retirement for a purpose": {"purpose": "'EVENT'"},
          "frozen of nobody": {"kind": "'FROZEN'", "programme": "'CCER'", "pilot_id": "NULL",
                               "period_id": "NULL"},
          "invalidated of somebody": {"kind": "'INVALIDATED'", "programme": "'GS'",
                                      "pilot_id": "NULL", "period_id": "NULL",
                                      "organisation_id": "$holder"},
          "invalidated in no programme": {"kind": "'INVALIDATED'", "pilot_id": "NULL",
                                          "period_id": "NULL"},
          "issuance of somebody": {"kind": "'ISSUANCE'", "programme": "'GS'", "pilot_id": "NULL",
                                   "period_id": "NULL", "organisation_id": "$holder"},
      }.items()),
    Attack("an account for an unknown purpose", "account_purpose_check",
           new("account", kind="'OTHER_USE'", programme="'CCER'", organisation_id="$holder",
               pilot_id="NULL", period_id="NULL", purpose="'FUN'")),
)  # fmt: skip


@cases(ACCOUNTS)
async def test_accounts(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)
