"""The log and its head are one history, and what happens is in it."""

from tests.database.guards.attacks import (
    LOGGED,
    OF_DRAFT,
    OWNER,
    Attack,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.changes import changed, placed, relined, withdrawn
from tests.database.guards.good_rows import new

LOG = (
    Attack("a gap in the log", "log_is_dense",
           new("log_entry", position="$head + 2"), before=None),
    Attack("a gap between two entries of one statement", "log_is_dense",
           "INSERT INTO log_entry (position, at, kind, subject_id, body, digest)"
           " SELECT $head + n, now(), 'TEST', 1, '{}', sha256('') FROM unnest('{1,3}'::int[]) AS n",
           before=None),
    Attack("a position used again", "log_entry_pkey",
           new("log_entry", position="$head", subject_id="1"), before=None),
    Attack("an entry before the first", "log_entry_position_check",
           new("log_entry", position="0", subject_id="0"), before=None),
    Attack("time that runs backwards", "log_is_dense",
           new("log_entry", at="(SELECT max(at) - interval '1 microsecond' FROM log_entry)"),
           before=None),
    Attack("time that runs backwards within one statement", "log_is_dense",
           "INSERT INTO log_entry (position, at, kind, subject_id, body, digest)"
           " SELECT $head + n, now() - n * interval '1 microsecond', 'TEST', 1, '{}', sha256('')"
           " FROM generate_series(1, 2) AS n", before=None),
    Attack("time that runs backwards after a later statement of the transaction", "log_is_dense",
           new("log_entry", position="$head + 5", at="now() - interval '1 hour'")),
    Attack("an entry about what is not born yet", "log_entry_subject_check",
           new("log_entry", subject_id="$head + 2"), before=None),
    *(Attack(f"an entry in the future: {at}", "log_is_dense", new("log_entry", at=at), before=None)
      for at in ("now() + interval '1 hour'", "'infinity'")),
    Attack("an entry that the head does not follow", "head_follows_log", new("log_entry"),
           before=None),
    Attack("an entry that does not follow the one before", "log_is_chained",
           LOGGED.replace("nzc_digest(digest,", "nzc_digest(sha256(digest),"), before=None),
    Attack("an entry that says something else than was hashed", "log_is_chained",
           entries(4).replace(f"NULL, NULL, {OF_DRAFT}, digest", "NULL, NULL, '{\"a\": 1}', digest"), before=None),
    *(Attack(f"an entry whose {what} was not hashed", "log_is_chained",
             entries(4).replace(f"'EMISSION_SOURCE_RECORDED', n, NULL, NULL, {OF_DRAFT}, digest FROM",
                            f"{said}, NULL, NULL, {OF_DRAFT}, digest FROM"), before=None)
      for what, said in {"kind": "'TEST', n", "subject": "'EMISSION_SOURCE_RECORDED', n - 1"}.items()),
    Attack("an entry whose digest is none", "log_entry_digest_check",
           new("log_entry", digest="'\\x00'"), before=None),
    Attack("a head whose digest is none", "log_head_digest_check",
           "UPDATE log_head SET digest = '\\x00'"),
    Attack("a head with another digest than the last entry's", "head_follows_log",
           "UPDATE log_head SET digest = sha256(digest)"),
    Attack("a head that had another id", "head_follows_log",
           "UPDATE log_head SET former_ids = '{1}'"),
    Attack("a head ahead of the log", "head_follows_log",
           "UPDATE log_head SET position = position + 1"),
    Attack("a head behind the log", "head_follows_log",
           "UPDATE log_head SET position = position - 1"),
    Attack("a head before the beginning", "log_head_position_check",
           "UPDATE log_head SET position = -1"),
    Attack("a head whose time runs backwards", "head_follows_log",
           "UPDATE log_head SET at = at - interval '1 microsecond'"),
    *(Attack(f"a head in the future: {at}", "head_follows_log", f"UPDATE log_head SET at = {at}")
      for at in ("now() + interval '1 hour'", "'infinity'")),
    Attack("another log's id", "head_follows_log", "UPDATE log_head SET log_id = log_id # 1"),
    Attack("a log id of 61 bits", "log_head_log_id_check",
           "UPDATE log_head SET log_id = 1::bigint << 60"),
    Attack("a negative log id", "log_head_log_id_check", "UPDATE log_head SET log_id = -1"),
    Attack("a second head", "log_head_single_check", "INSERT INTO log_head VALUES (2, 1, 0, now(), sha256(''))",
           by=[OWNER]),
    Attack("another first head", "log_head_pkey", "INSERT INTO log_head VALUES (1, 1, 0, now(), sha256(''))",
           by=[OWNER]),
    Attack("a head that becomes a second one", "log_head_single_check", "UPDATE log_head SET id = 2"),
    Attack("an outcome that is neither", "outcome_one_check", new("outcome", position="NULL")),
    Attack("an outcome that is both", "outcome_one_check", new("outcome", refusal="'{}'")),
    Attack("an outcome that is neither, as JSON", "outcome_one_check",
           new("outcome", position="NULL", refusal="'null'")),
    Attack("an outcome of half an input", "outcome_fingerprint_check",
           new("outcome", fingerprint="substr(sha256('input'), 2)")),
    Attack("an outcome as of before what it brought about", "outcome_as_of_check",
           new("outcome", as_of="$p - 1")),
    Attack("two outcomes of one key", "outcome_pkey", f"{new('outcome')}; {new('outcome')}"),
    Attack("an outcome that is rewritten", "append_only",
           "INSERT INTO outcome SELECT * FROM outcome"
           " ON CONFLICT (organisation_id, key) DO UPDATE SET position = 1", by=[OWNER]),
)  # fmt: skip


@cases(LOG)
async def test_log(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


# What is born, or happens, at a position that is not in the log, or that is another's.
BORN = (
    "organisation",
    "api_key",
    "pilot",
    "accounting_period",
    "inventory",
    "project",
    "enrolment",
    "meter",
)

UNLOGGED = (
    *(Attack(f"{table.replace('_', ' ')}: born at {where}", "change_is_logged", new(table, **given))
      for table in BORN
      for where, at in (("no position", "$beyond"), ("another's position", "$retired_at"))
      for given in ({"id": at} | ({"series_id": at} if table == "inventory" else {}),)),
    Attack("a pilot placed at no position", "change_is_logged", placed("$alone", "$town", "$beyond")),
    Attack("a pilot placed in the past", "change_is_logged", placed("$alone", "$town", "$quiet")),
    *(Attack(f"{table.replace('_', ' ')}: at {where}", "change_is_logged",
             new(table, **{column: at}))
      for table, column in (("batch_fact", "position"), ("double_issuance_resolution", "position"),
                            ("retirement_request", "id"), ("request_end", "position"),
                            ("request_part", "position"),
                            ("correction", "position"), ("grounds", "position"),
                            ("pilot_overlap", "position"), ("api_key_expiry", "position"),
                            ("site", "position"), ("same_site", "position"),
                            ("same_site_resolution", "position"), ("project_placement", "position"),
                            ("pilot_amendment", "position"), ("verification_opinion", "position"),
                            ("organisation_amendment", "position"), ("project_amendment", "position"),
                            ("enrolment_methodology", "position"),
                            ("target", "id"), ("document", "id"), ("proposal", "id"), ("proposal_end", "position"),
                             ("meter_device", "position"), ("meter_placement", "position"),
                             ("meter_gateway", "position"))
      for where, at in (("no position", "$beyond"), ("another's position", "$quiet"))),
    *(Attack(f"a line amended at {where}", "change_is_logged", relined(at))
      for where, at in (("no position", "$beyond"), ("another's position", "$quiet"))),
    Attack("a line that was removed, recorded again", "change_is_logged", relined("$line")),
    Attack("an inventory discarded at no position", "change_is_logged",
           changed("$draft", "discarded_position = $beyond")),
    Attack("an inventory discarded in the past", "change_is_logged",
           changed("$draft", "discarded_position = $quiet")),
    Attack("a suspicion that comes up later", "change_is_logged",
           new("double_issuance", batch_id="$B", other_id="$A", position="$B"), by=[OWNER],
           lowered=["double_issuance.double_issuance_comes_first"]),
    *(Attack(f"a period withdrawn at {where}", "change_is_logged", withdrawn("$aimed_2021", at))
      for where, at in (("no position", "$beyond"), ("another's position", "$quiet"))),
    Attack("an inventory submitted at no position", "change_is_logged",
           changed("$draft", "submitted_position = $beyond")),
    Attack("an inventory submitted in the past", "change_is_logged",
           changed("$draft", "submitted_position = $quiet")),
    Attack("an inventory verified at no position", "change_is_logged",
           changed("$submitted", "verified_position = $beyond", "verifier_id = $verifier")),
    Attack("an inventory verified in the past", "change_is_logged",
           changed("$submitted", "verified_position = $quiet", "verifier_id = $verifier")),
    Attack("a key revoked at no position", "change_is_logged",
           "UPDATE api_key SET revoked_position = $beyond WHERE id = $key"),
    Attack("a key revoked in the past", "change_is_logged",
           "UPDATE api_key SET revoked_position = $quiet WHERE id = $key"),
    Attack("an outcome at no position", "outcome_is_logged",
           new("outcome", position="$beyond", as_of="$beyond")),
    Attack("a refusal as of no position", "outcome_is_logged",
           new("outcome", position="NULL", refusal="'{}'", as_of="$beyond")),
    Attack("an outcome that does not say as of when", "outcome_says_as_of",
           new("outcome", as_of="NULL")),
)  # fmt: skip


@cases(UNLOGGED)
async def test_what_happens_is_in_the_log(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)
