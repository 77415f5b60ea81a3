"""A file that is imported again: what was answered before, and how it stands now."""

from pathlib import Path

from tests.importing.test_retirements import HEADER, api, line, outcomes, run, world
from tests.served import Nearby
from tests.world import World

__all__ = ["api", "world"]

GROUNDS = {"document": "X", "reason": "Y"}


def serials(first: int, last: int) -> dict[str, object]:
    block = {"range": {"prefix": "GD", "first": str(first), "last": str(last)}}
    return {"target": {"serials": {"programme": "CCER", "block": block}}}


async def test_a_refusal_of_before_says_so_and_what_would_be_now(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    project = await world.project()
    file = tmp_path / "retired.csv"
    rows = [line(pilot, "GD-1 to 9"), line(pilot, "GD-10 to 19"), line(pilot, "GD-900 to 901")]
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    head = await world.head()
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 REJECTED" in said) == (1, True), said
    first = outcomes(tmp_path / "retired.csv.result.csv")
    assert not any("as of position" in t["message_en"] for t in first)
    await world.issue(project, "GD", 1, 100)
    await world.registry.made("freezeCredits", "posting { id }", **serials(19, 19), **GROUNDS)
    now = await world.head()
    for options in ([], ["--dry-run"]):
        code, said = await run(api, world.registry.secret, str(file), *options)
        assert (code, "3 REJECTED" in said) == (1, True), said
        again = outcomes(tmp_path / "retired.csv.result.csv")
        assert [t["code"] for t in again] == ["SERIALS_NOT_ISSUED"] * 3
        for t, zh, en in zip(
            again,
            ("现在可以完成", "现在的答复会是：GD-19 to 19已被冻结", "现在仍然如此"),
            ("now it would be done", "now it would be: GD-19 to 19 is frozen", "the same now"),
            strict=True,
        ):
            assert f"记录位置{head}时的答复" in t["message_zh"], t
            assert f"the answer as of position {head}" in t["message_en"], t
            assert zh in t["message_zh"], t
            assert en in t["message_en"], t
    assert await world.head() == now
    keyed = [f"{row},{t['idempotency_key']}-b" for row, t in zip(rows, first, strict=True)]
    file.write_text("\n".join([f"{HEADER},idempotency_key", *keyed]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "1 COMMITTED, 2 REJECTED" in said) == (1, True), said


async def test_what_was_taken_back_since_does_not_count_as_done(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD", 1, 100)
    file = tmp_path / "retired.csv"
    rows = [line(pilot, f"GD-{n} to {n + 9}") for n in (1, 11, 21)]
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 COMMITTED" in said) == (0, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 REPLAYED" in said) == (0, True), said
    listed = await world.anyone.ask("{ retirements(first: 5) { nodes { id position } } }")
    ids = {n["position"]: n["id"] for n in listed["retirements"]["nodes"]}
    await world.registry.made(
        "correctPosting", "posting { id }", posting=ids[told[0]["position"]], **GROUNDS
    )
    await world.registry.made("invalidateCredits", "posting { id }", **serials(18, 21), **GROUNDS)
    for options in ([], ["--dry-run"]):
        code, said = await run(api, world.registry.secret, str(file), *options)
        assert (code, "3 NOT_IN_FORCE" in said) == (1, True), said
        again = outcomes(tmp_path / "retired.csv.result.csv")
        for t, lost in zip(again, (10, 3, 1), strict=True):
            assert (t["status"], t["code"]) == ("NOT_IN_FORCE", "NOT_IN_FORCE")
            assert f"其10吨中有{lost}吨" in t["message_zh"], t
            assert f"{lost} t of its 10 t were corrected or invalidated" in t["message_en"], t
            assert "idempotency_key" in t["message_en"]
        assert [t["position"] for t in again] == [t["position"] for t in told]


async def test_transfers_and_issuances_that_were_taken_back(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    await world.project(code="J-AGAIN")
    holder, other = world.holder.organisation, world.operator.organisation
    issued, moved = tmp_path / "issued.csv", tmp_path / "moved.csv"
    issued.write_text(
        "serials,quantity,project,vintage,registered_on,holder\n"
        f"GD-1 to 50,50,J-AGAIN,2022,2024-01-15,{holder}\n"
        f"GD-51 to 60,10,J-AGAIN,2022,2024-01-15,{holder}\n"
    )
    moved.write_text(f"serials,from,to\nGD-1 to 5,{holder},{other}\nGD-6 to 9,{holder},{other}\n")
    files = (("issuances", issued), ("transfers", moved))
    for kind, file in files:
        code, said = await run(api, world.registry.secret, str(file), kind=kind)
        assert (code, "2 COMMITTED" in said) == (0, True), said
    # Under the row's key it is the same transfer.
    same = {
        "idempotencyKey": outcomes(tmp_path / "moved.csv.result.csv")[1]["idempotency_key"],
        "programme": "CCER", "serials": {"text": "GD-6 to 9"}, "from": holder, "to": other,
    }  # fmt: skip
    transfer = (await world.registry.made("transferCredits", "transfer { id }", **same))["id"]
    await world.registry.made("correctPosting", "posting { id }", posting=transfer, **GROUNDS)
    await world.registry.made("invalidateCredits", "posting { id }", **serials(41, 50), **GROUNDS)
    for (kind, file), lost in zip(files, ("10 t of its 50 t", "4 t of its 4 t"), strict=True):
        code, said = await run(api, world.registry.secret, str(file), kind=kind)
        assert (code, "1 NOT_IN_FORCE, 1 REPLAYED" in said) == (1, True), said
        told = outcomes(file.with_name(f"{file.name}.result.csv"))
        assert [lost in t["message_en"] for t in told].count(True) == 1


async def test_a_dry_run_says_what_would_become_of_each_row(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD", 1, 100)
    file = tmp_path / "retired.csv"
    rows = [
        line(pilot, "GD-1 to 9"), line(pilot, "GD-9 to 12"), line(pilot, "GD-99 to 101"),
        line(pilot, "GD-90 to 98", quantity="8"), line(pilot, "GD-10 to 20"),
    ]  # fmt: skip
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    head = await world.head()
    code, said = await run(api, world.registry.secret, str(file), "--dry-run")
    assert (code, "2 READY, 3 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["code"] for t in told] == [
        "", "ITEMS_CONFLICT", "SERIALS_NOT_ISSUED", "QUANTITY_MISMATCH", "",
    ]  # fmt: skip
    assert await world.head() == head
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "2 COMMITTED, 3 REJECTED" in said) == (1, True), said
