"""What is issued: whole, once, in one form, under one name; suspicions."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    OWNER,
    Attack,
    LetThrough,
    Stopped,
    cases,
)
from tests.database.guards.good_rows import new
from tests.database.guards.postings import (
    BATCH,
    BOTH_SUSPECTED,
    ISSUED,
    TAKEN_BATCH,
    WHOLE,
    asked,
    batch_taken,
    corrected,
    fact,
    found,
    issued_again,
    issued_in_green,
    posting,
    suspected,
    taken,
)

# Tonnes of a certificate have a number space of their own.
BY_CERTIFICATE = {"by_certificate": "true", "registry": "'CCER-CERTIFICATE'"}

BLOCKS = (
    Attack("a block inside another", "credit_batch_no_overlap_excl",
           new("credit_batch", lo="500", hi="501", quantity="1")),
    Attack("a block that is issued again for another project", "credit_batch_no_overlap_excl",
           new("credit_batch", project_id="$inner", lo="901", hi="1001")),
    Attack("two blocks of one statement that share a serial", "credit_batch_no_overlap_excl",
           f"WITH first AS ({new('credit_batch')}) "
           + new("credit_batch", id="$p2", lo="1100", hi="1200")),
)  # fmt: skip

ISSUANCES = (
    Attack("a batch alone", "issuance_is_whole", BATCH),
    Attack("a batch without a movement", "issuance_is_whole", posting(issued=BATCH, made=[WHOLE])),
    Attack("a batch without a lot", "issuance_is_whole", posting(issued=BATCH, moved=[ISSUED])),
    Attack("a movement and a lot without a batch", "issuance_is_whole",
           posting(moved=[ISSUED], made=[WHOLE])),
    Attack("a lot at the birth of no batch", "issuance_is_whole", posting(made=[WHOLE])),
    Attack("a movement at the birth of no batch", "issuance_is_whole", posting(moved=[ISSUED])),
    *(Attack(f"a batch whose lot is {serials}", "issuance_is_whole",
             posting(issued=BATCH, moved=[ISSUED], made=[f"0, $holding, $p, {serials}"]))
      for serials in ("1000, 1101", "1002, 1101", "1001, 1100", "1001, 1102")),
    *(Attack(f"a batch whose movement is {serials}", "issuance_is_whole",
             posting(issued=BATCH, moved=[f"0, $issuance, $holding, $p, {serials}"], made=[WHOLE]))
      for serials in ("1000, 1101", "1002, 1101", "1001, 1100", "1001, 1102")),
    *(Attack(f"a batch alone, {where} a good one of the statement", "issuance_is_whole",
             f"WITH alone AS ({new('credit_batch', id=bad, lo='2001', hi='2101')}),"
             + posting(at=good, issued=new("credit_batch", id=good),
                       moved=[f"0, $issuance, $holding, {good}, 1001, 1101"],
                       made=[f"0, $holding, {good}, 1001, 1101"]).removeprefix("WITH"))
      for where, bad, good in (("before", "$p", "$p2"), ("after", "$p2", "$p"))),
    Attack("a batch in two lots", "issuance_is_whole",
           posting(issued=BATCH, moved=[ISSUED],
                   made=["0, $holding, $p, 1001, 1051", "1, $holding, $p, 1051, 1101"])),
    Attack("a batch in two movements", "issuance_is_whole",
           posting(issued=BATCH, moved=["0, $issuance, $holding, $p, 1001, 1051",
                                        "1, $issuance, $holding, $p, 1051, 1101"], made=[WHOLE])),
    Attack("a batch with a second lot beside it", "issuance_is_whole",
           posting(issued=BATCH, moved=[ISSUED], made=[WHOLE, "1, $buying, $p, 2001, 2101"])),
    Attack("a batch with a second movement beside it", "issuance_is_whole",
           posting(issued=BATCH, moved=[ISSUED, "1, $issuance, $buying, $p, 2001, 2101"],
                   made=[WHOLE])),
    Attack("a batch to one account and its lot in another", "issuance_is_whole",
           posting(issued=BATCH, moved=[ISSUED], made=["0, $buying, $p, 1001, 1101"])),
    Attack("a batch out of a holding", "issuance_is_whole",
           posting(issued=BATCH, moved=["0, $buying, $holding, $p, 1001, 1101"], made=[WHOLE])),
    Attack("a batch out of a retirement", "issuance_is_whole",
           posting(issued=BATCH, moved=["0, $retirement, $holding, $p, 1001, 1101"], made=[WHOLE])),
    Attack("a batch out of another programme's issuance", "issuance_is_whole",
           posting(issued=BATCH, moved=["0, $green_issuance, $holding, $p, 1001, 1101"],
                   made=[WHOLE])),
    Attack("a batch out of no account", "issuance_is_whole",
           posting(issued=BATCH, moved=["0, $nobody, $holding, $p, 1001, 1101"], made=[WHOLE])),
    Attack("a batch into another programme's holding", "movement_joins_accounts",
           posting(issued=BATCH, moved=["0, $issuance, $green_holding, $p, 1001, 1101"],
                   made=["0, $green_holding, $p, 1001, 1101"])),
    Attack("a batch into an issuance account", "movement_joins_accounts",
           posting(issued=BATCH, moved=["0, $issuance, $green_issuance, $p, 1001, 1101"],
                   made=["0, $green_issuance, $p, 1001, 1101"])),
    Attack("a batch into no account", "movement_joins_accounts",
           posting(issued=BATCH, moved=["0, $issuance, $nobody, $p, 1001, 1101"],
                   made=["0, $nobody, $p, 1001, 1101"])),
    Attack("a batch into a retirement", "movement_joins_accounts",
           posting(issued=BATCH, moved=["0, $issuance, $retirement, $p, 1001, 1101"],
                   made=["0, $retirement, $p, 1001, 1101"])),
    Attack("a batch of forestry that its project is not", "issuance_is_whole",
           posting(issued=new("credit_batch", forestry="true"), moved=[ISSUED], made=[WHOLE])),
    Attack("a certificate for what was issued by serials", "issued_in_one_form",
           posting(issued=new("credit_batch", **BY_CERTIFICATE), moved=[ISSUED], made=[WHOLE])),
    Attack("a certificate for a day of what was issued by serials", "issued_in_one_form",
           posting(issued=new("credit_batch", **BY_CERTIFICATE, produced_to="'2023-12-31'",
                              produced_from="'2022-12-31'", vintage="2023"),
                   moved=[ISSUED], made=[WHOLE])),
    Attack("a batch whose posting is at another position", "lots_come_from_what_was_spent",
           posting(at="$p2", issued=BATCH, moved=[ISSUED], made=[WHOLE])),
)  # fmt: skip

GREEN_USE = new("account", kind="'OTHER_USE'", programme="'PHCER'", organisation_id="$holder",
                pilot_id="NULL", period_id="NULL", purpose="'EVENT'")  # fmt: skip


def near_twin(by: str, at: str = "$p") -> str:
    """That a project is at the site of ``twin``."""
    return new("same_site", subject_id=at, other_id="$twin", by=f"'{by}'", position=at)


# Each says for itself that a project is where ``twin`` is: a locality only of two programmes.
BESIDE = ("SITE_CODE", "COORDINATES", "ADDRESS", "LOCALITY")


def registered_beside(by: str | None, programme: str = "PHCER") -> str:
    """A new project, $p, in a programme, at the site of ``twin``."""
    enrolled = new("enrolment", id="$p2", project_id="$p", programme=f"'{programme}'")
    return "; ".join([new("project"), enrolled] + ([] if by is None else [near_twin(by)]))


# That ``twin`` and the inner project are found to be at one site, at $p, and what was issued of both.
FOUND = new("same_site", subject_id="$twin", other_id="$inner")
RAISED = tuple(new("double_issuance", batch_id=batch, other_id="$B") for batch in ("$D", "$E"))
FOUND_AND_RAISED = "; ".join((FOUND, *RAISED))
INNER_RETIRED = {
    at: posting(at=at, moved=["0, $holding, $retirement, $B, 1, 101"], spent=["$inner_lot"],
                made=["0, $retirement, $B, 1, 101"])
    for at in ("$p", "$p2")
}  # fmt: skip


def raised(at: str, batch: str = "$D", other: str = "$B") -> str:
    return new("double_issuance", batch_id=batch, other_id=other, position=at)


DOUBLES = (
    # What was issued at two sites is suspected when they are found to be one, and nothing else is.
    *(Attack(f"found at one site by its {by} after both were issued, and no suspicion",
             "issued_at_one_site_is_suspected",
             new("same_site", subject_id="$twin", other_id="$inner", by=f"'{by}'"))
      for by in BESIDE),
    *(Attack(f"found at one site after both were issued, and no suspicion of one: {n}",
             "issued_at_one_site_is_suspected", f"{FOUND}; {suspicion}")
      for n, suspicion in enumerate(RAISED)),
    Attack("found at one site, and said to be compared with nothing", "same_site_is_compared",
           new("same_site", compared="false")),
    Attack("a suspicion of two sites", "suspicion_is_warranted", RAISED[0]),
    Attack("a suspicion of two sites that are found to be one later", "suspicion_is_warranted",
           f"{RAISED[0]}; {raised('$p2', '$E')}; "
           + new("same_site", subject_id="$twin", other_id="$inner", position="$p2")),
    Attack("a suspicion of a locality within one programme", "suspicion_is_warranted", RAISED[0],
           before=f"{LOGGED}; {RAISED[1]}; "
           + new("same_site", subject_id="$twin", other_id="$inner", by="'LOCALITY'")),
    Attack("a suspicion of other days", "suspicion_is_warranted", raised("$p2", "$p"),
           before=f"{LOGGED}; " + issued_again(project_id="$inner", produced_from="'2021-01-01'",
                                               produced_to="'2021-12-31'", vintage="2021")),
    Attack("a suspicion of what was withdrawn", "suspicion_is_warranted", raised("$p2"),
           before=f"{LOGGED}; {TAKEN_BATCH}; "
           + new("same_site", subject_id="$twin", other_id="$inner", position="$p2")),
    Attack("a suspicion from before the later one was issued", "double_issuance_later_check",
           raised("$B")),
    Attack("retired of what was found to be at one site", "batch_is_not_doubled",
           INNER_RETIRED["$p2"], before=f"{LOGGED}; {FOUND_AND_RAISED}"),
    # What may be issued twice serves nobody until that is resolved.
    *(Attack(f"used while it may be doubled: {batch}, {what}", "batch_is_not_doubled",
             taken(batch, account), before=f"{LOGGED}; {GREEN_USE}")
      for batch in ("D", "E")
      for what, account in (("retired", "$retirement"),
                            ("used", "$account" if batch == "E" else "$use"))),
    Attack("requested while it may be doubled", "batch_is_not_doubled",
           f"{asked()}; {taken('D', '$pending')}"),
    Attack("retired of the later one of a double issuance", "batch_is_not_doubled",
           taken("E2", "$retirement")),
    Attack("retired of what was found double just before", "batch_is_not_doubled",
           taken("E", "$retirement", "$p2"), before=f"{LOGGED}; {found('DOUBLE')}"),
    Attack("retired before it was found distinct", "batch_is_not_doubled",
           taken("D", "$retirement"), before=f"{LOGGED}; {found('DISTINCT', '$p2')}"),
    # What is suspected is recorded when it is issued, and nothing else is.
    Attack("issued in another programme, and no suspicion", "double_issuance_is_recorded",
           issued_in_green(project_id="$twin")),
    Attack("issued in another programme for one day, and no suspicion",
           "double_issuance_is_recorded",
           issued_in_green(project_id="$twin", produced_from="'2022-12-31'",
                           produced_to="'2023-12-31'", vintage="2023")),
    *(Attack(f"issued in another programme at one site by its {by}, and no suspicion",
             "double_issuance_is_recorded", issued_in_green("$p3", project_id="$p"),
             before=f"{LOGGED}; {registered_beside(by)}")
      for by in BESIDE),
    *(Attack(f"issued at one site by its {by}, and no suspicion", "double_issuance_is_recorded",
             issued_again("$p3", project_id="$p"),
             before=f"{LOGGED}; {registered_beside(by, 'CCER')}")
      for by in BESIDE if by != "LOCALITY"),
    Attack("issued twice by one programme, and no suspicion", "double_issuance_is_recorded",
           issued_again()),
    Attack("issued twice, and said to be compared with nothing", "batch_is_compared",
           issued_again(compared="false", issuance="'DJ-1'", issuance_quantity="100000")),
    Attack("issued as a part of another issuance, and no suspicion", "double_issuance_is_recorded",
           issued_again(issuance="'DJ-2'", issuance_quantity="100")),
    Attack("a part of one issuance that is suspected", "double_issuance_is_recorded",
           f"{suspected(other='$A')}; {posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])}"),
    # The parts of an issuance are of one project and registration, and no more than was registered.
    *(Attack(f"a part of an issuance: {what}", "issuance_has_its_parts",
             issued_again(**{"issuance": "'DJ-1'", "issuance_quantity": "100000"} | changes))
      for what, changes in {
          "of another project": {"project_id": "$inner"},
          "of another day": {"reductions_registered_on": "'2024-01-16'"},
          "of another total": {"issuance_quantity": "100001"},
          "of another total, written otherwise": {"issuance": "'dj_01'", "issuance_quantity": "100001"},
      }.items()),
    Attack("a part of an issuance that comes to more than was registered", "issuance_has_its_parts",
           posting(issued=new("credit_batch", hi="100001", quantity="99000"),
                   moved=["0, $issuance, $holding, $p, 1001, 100001"],
                   made=["0, $holding, $p, 1001, 100001"])),
    *(Attack(f"an issuance {what}", "credit_batch_issuance_check", issued_again(**changes))
      for what, changes in {
          "without its total": {"issuance": "'DJ-2'"},
          "without its number": {"issuance_quantity": "100"},
          "smaller than its part": {"issuance": "'DJ-2'", "issuance_quantity": "99"},
      }.items()),
    Attack("two programmes in one statement, and no suspicion", "double_issuance_is_recorded",
           issued_in_green("$p2", project_id="$project").removesuffix(" SELECT") + ", "
           + posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])
           .removeprefix("WITH ").replace("issued AS", "issued_too AS")
           .replace("balances AS", "balances_too AS")
           .replace("moved AS", "moved_too AS").replace("made AS", "made_too AS"),
           before=f"{LOGGED}; {new('enrolment', id='$p3')}"),
    Attack("a suspicion of what is no double", "double_issuance_is_recorded",
           f"{suspected(other='$G')}; {posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])}"),
    Attack("a suspicion of another batch", "double_issuance_is_recorded",
           f"{suspected(other='$D2')}; {issued_in_green(project_id='$twin')}"),
    Attack("a suspicion of a batch that is none", "double_issuance_batch_id_fkey", suspected()),
    Attack("a suspicion that names no batch", "double_issuance_other_id_fkey",
           suspected("$B", "$holder"), by=[OWNER],
           lowered=["double_issuance.double_issuance_comes_first"]),
    Attack("a suspicion of what came later", "double_issuance_order_check", suspected("$p", "$p2")),
    Attack("a finding that is none", "double_issuance_resolution_finding_check", found("MAYBE")),
    Attack("a finding on what was not suspected",
           "double_issuance_resolution_batch_id_other_id_fkey",
           new("double_issuance_resolution", batch_id="$B", other_id="$A")),
    Attack("a finding that is revised", "double_issuance_resolution_batch_id_other_id_key",
           found("DISTINCT", "$p2"), before=f"{LOGGED}; {found('DOUBLE')}"),
    Attack("a finding of the story that is revised",
           "double_issuance_resolution_batch_id_other_id_key",
           new("double_issuance_resolution", batch_id="$E2", other_id="$D2")),
)  # fmt: skip


@cases(BLOCKS + ISSUANCES)
async def test_issuances(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@cases(DOUBLES)
async def test_doubles(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


BATCH_WITHDRAWALS = (
    Attack("a batch withdrawn before it was issued", "credit_batch_withdrawn_check",
           "UPDATE credit_batch SET withdrawn_position = $B WHERE id = $B"),
    Attack("a batch issued as withdrawn", "batch_starts_standing",
           new("credit_batch", withdrawn_position="$p2")),
    *(Attack(f"a batch's {column} changed", "batch_stays_as_issued",
             f"UPDATE credit_batch SET {column} = {value} WHERE id = $B")
      for column, value in {"lo": "lo + 1, quantity = quantity - 1", "written": "'GD-#'",
                            "reductions_registered_on": "'2024-02-15'",
                            "project_id": "$project"}.items()),
    Attack("a withdrawn batch put back", "batch_stays_as_issued",
           "UPDATE credit_batch SET withdrawn_position = NULL WHERE id = $B",
           before=f"{LOGGED}; {TAKEN_BATCH}"),
    Attack("a batch withdrawn twice", "batch_stays_as_issued",
           "UPDATE credit_batch SET withdrawn_position = $p2 WHERE id = $B",
           before=f"{LOGGED}; {TAKEN_BATCH}"),
    Attack("a batch withdrawn by nothing", "withdrawn_by_correction",
           "UPDATE credit_batch SET withdrawn_position = $p WHERE id = $B"),
    *(Attack(f"a batch withdrawn at {where}", "change_is_logged",
             f"UPDATE credit_batch SET withdrawn_position = {at} WHERE id = $B")
      for where, at in (("no position", "$beyond"), ("another's position", "$quiet"))),
    Attack("a batch withdrawn that is exported", "batch_is_free", batch_taken("$p2"),
           before=f"{LOGGED}; {fact('EXPORT', batch='$B')}"),
)  # fmt: skip


@cases(BATCH_WITHDRAWALS)
async def test_withdrawn_batches(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


# Else the serials of GD-A could be issued again, under another spelling.
SPELLINGS = tuple(
    Attack(f"a block named otherwise: {column} {spelling}", f"credit_batch_{column}_check",
           posting(issued=new("credit_batch", lo="1", hi="101", **{column: f"'{spelling}'"}),
                   moved=["0, $issuance, $holding, $p, 1, 101"],
                   made=["0, $holding, $p, 1, 101"]))
    for column, spelling in (("prefix", "gd-a"), ("prefix", "GD‐A"), ("prefix", "GD-A "),
                             ("prefix", ""), ("prefix", "GD〔"), ("registry", "ccer"), ("registry", ""),
                             ("written", "GD-A"))
)  # fmt: skip

# Nor under another registry's name.
REGISTRIES = tuple(
    Attack(f"a block of {programme} in {registry}", "credit_batch_registry_of_programme_check",
           posting(issued=new("credit_batch", lo="1", hi="101", programme=f"'{programme}'",
                              registry=f"'{registry}'"),
                   moved=["0, $issuance, $holding, $p, 1, 101"],
                   made=["0, $holding, $p, 1, 101"]))
    for programme, registry in (
        ("CCER", "CCER-2"), ("CCER", "PHCER"), ("PHCER", "CCER"), ("GS", "CCER"), ("CCER", "CCER-CERTIFICATE"),
    )
)  # fmt: skip


@cases(SPELLINGS + REGISTRIES)
async def test_a_block_is_named_in_one_way(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "withdrawn after its export was corrected": [
        fact("EXPORT", batch="$B"), corrected("$p", "$p2"), batch_taken("$p3")],
    "an issuance": [posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])],
    "an issuance, then a transfer of a part": [
        posting(issued=BATCH, moved=[ISSUED], made=[WHOLE]),
        posting(at="$p2", moved=["0, $holding, $buying, $p, 1001, 1002"], spent=["$p, 0"],
                made=["0, $buying, $p, 1001, 1002", "1, $holding, $p, 1002, 1101, $p"])],
    "a retirement of what was found distinct": [found("DISTINCT"), taken("D", "$retirement", "$p2"),
                                                taken("E", "$retirement", "$p3")],
    "a retirement of the earlier one of a double issuance": [taken("D2", "$retirement")],
    "a transfer of what may be doubled": [taken("D", "$buying")],
    "issued in two programmes, and suspected": [
        BOTH_SUSPECTED, issued_in_green(project_id="$twin")],
    **{f"issued in two programmes at one site by its {by}, and suspected": [
        registered_beside(by), suspected("$p3"),
        *([] if by == "LOCALITY" else [suspected("$p3", "$E")]),
        issued_in_green("$p3", project_id="$p")]
       for by in BESIDE},
    "found at one site, and suspected": [FOUND_AND_RAISED],
    "retired before it was found to be at one site": [
        INNER_RETIRED["$p"], new("same_site", subject_id="$twin", other_id="$inner", position="$p2"),
        raised("$p2"), raised("$p2", "$E")],
    "found at one site after one was withdrawn": [
        TAKEN_BATCH, new("same_site", subject_id="$twin", other_id="$inner", position="$p2")],
    "issued in two programmes at two sites": [
        registered_beside(None), issued_in_green("$p3", project_id="$p")],
    "issued twice by one programme in a locality": [
        registered_beside("LOCALITY", "CCER"), suspected("$p3", "$E"),
        issued_again("$p3", project_id="$p")],
    "issued twice by one programme, and suspected": [
        *(suspected(other=other) for other in ("$A", "$S", "$X")), issued_again()],
    "issued in two programmes for other days": [
        issued_in_green(project_id="$twin", produced_from="'2021-01-01'",
                        produced_to="'2021-12-31'", vintage="2021")],
    "a certificate in another programme": [
        new("enrolment", id="$p2"), *(suspected(other=other) for other in ("$A", "$S", "$X")),
        issued_in_green(**BY_CERTIFICATE | {"registry": "'PHCER-CERTIFICATE'"})],
    "a certificate for other days": [
        posting(issued=new("credit_batch", **BY_CERTIFICATE, produced_from="'2021-01-01'",
                           produced_to="'2021-12-31'", vintage="2021"),
                moved=[ISSUED], made=[WHOLE])],
    "a block under a prefix that is another's with more digits": [
        posting(issued=new("credit_batch", prefix="'GD-A-1'", lo="1", hi="101"),
                moved=["0, $issuance, $holding, $p, 1, 101"], made=["0, $holding, $p, 1, 101"])],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
