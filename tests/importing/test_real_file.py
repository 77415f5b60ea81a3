"""The Climate Action Reserve's retirements to 2021, imported as files: issued, retired, and imported again."""

import csv
from pathlib import Path

from tests.conftest import TestDatabase
from tests.examples import shared
from tests.importing.test_retirements import api, outcomes, run, world
from tests.ledger.conservation import check_conserved
from tests.ledger.test_replay_car import RETIREMENTS, TONNES, issued, real_retirements
from tests.served import Nearby
from tests.world import World

__all__ = ["api", "world"]


def write(path: Path, *rows: list[str]) -> str:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["登记机构导出"], [], *rows])
    return str(path)


async def test_all_real_retirements_in_files(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
) -> None:
    with shared("data/car_retirements.csv").open(encoding="utf-8", newline="") as file:
        real = list(csv.DictReader(file))
    await world.project(code="CAR")
    ranges = issued(real_retirements())
    registered = sum(b.tonnes for b in ranges)
    blocks = [
        [
            f"{b.prefix}-{b.first}至{b.last}",
            f"{b.tonnes:,}",
            "CAR",
            "2022年",
            "2024/1/15",
            world.holder.organisation,
            "CAR-2021",
            f"{registered:,}",
        ]
        for b in ranges
    ]
    headings = ["序列号", "签发量（吨）", "项目代码", "产生年份", "登记日期", "持有者"]
    headings += ["减排量登记编号", "减排量登记总量"]
    code, said = await run(
        api,
        world.registry.secret,
        write(tmp_path / "issued.csv", headings, *blocks),
        kind="issuances",
    )
    assert (code, f"{len(blocks)} COMMITTED" in said) == (0, True), said
    pilot = await world.pilot()
    rows = [
        [
            row["project_name"],
            row["serial_numbers"],
            f"{row['quantity']}.00",
            pilot["code"],
            "2022.0",
            "45474",
        ]
        for row in real
    ]
    headings = ["Project", "Serial Numbers", "Quantity", "试点", "核算年度", "注销日期"]
    path = tmp_path / "retired.csv"
    code, said = await run(api, world.registry.secret, write(path, headings, *rows))
    assert (code, f"{RETIREMENTS} COMMITTED" in said) == (0, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["read_as"] for t in told] == [row["serial_numbers"] for row in real]
    data = await world.anyone.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
            purchasedReductions { quantity } } } }""",
        id=pilot["id"],
    )
    assert int(data["pilot"]["netEmissions"]["purchasedReductions"]["quantity"]) == TONNES
    head = await world.head()
    code, said = await run(api, world.registry.secret, write(path, headings, ["x"], *rows))
    assert (code, f"1 REJECTED, {RETIREMENTS} REPLAYED" in said) == (1, True), said
    assert await world.head() == head
    await check_conserved(database.owner_url)
