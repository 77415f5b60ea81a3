"""Files of issuances and transfers, through the command, against a served NZC."""

from pathlib import Path

from tests.conftest import TestDatabase
from tests.importing.test_retirements import api, outcomes, run, world
from tests.ledger.conservation import check_conserved
from tests.served import Nearby
from tests.world import World

__all__ = ["api", "world"]

BATCHES = """{ creditBatches(first: 20) { nodes { producedFrom producedTo reductionsRegisteredOn
    byCertificate serials { text registryText } issuance { reference quantity }
    suspectedDoubles { totalCount } verification { body { name } report { number dated } } } } }"""

ISSUED = [
    "项目代码;序列号;数量;监测期;登记日期;持有者;备注;减排量登记编号;登记总量;核查机构;核查报告编号;"
    "核查报告日期",
    "J-FILE;CR0000000001-CR0000000500;500.00;2022年1月至2022年6月;2024/1/15;广州某公司;=1+1;;;某核查公司;"
    "HC-1;2023-06-01",
    "J-FILE;CR0000000501 to CR0000000600、CR0000000701 to 0000000800;200;2022-07-01至2022-12-31;"
    "2024年1月15日;91440101MA59ABCD1D;;登〔2024〕3号;1,200",
    "J-NONE;CR-900;1;2022;2024-01-15;广州某公司;",
    "J-FILE;CR-901;1;2022;2024-01-15;无此公司;",
    "J-FILE;CR-902;2;2022;2024-01-15;Some Ltd;",
    "J-FILE;CR-903;1;2022;2024-01-15;a\u202eb;",
    f"{'J' * 300};CR-903;1;2022;2024-01-15;{'某' * 300};",
]  # fmt: skip
MADE = [
    ("2022-01-01", "2022-06-30", "CR-1 to 500", "CR0000000001 to CR0000000500"),
    ("2022-07-01", "2022-12-31", "CR-501 to 600", "CR0000000501 to CR0000000600"),
    ("2022-07-01", "2022-12-31", "CR-701 to 800", "CR0000000701 to CR0000000800"),
]  # fmt: skip
HELD = """query ($id: ID!) { node(id: $id) {
    ... on Organisation { holdings { nodes { quantity } } } } }"""


async def test_issuances_transfers_and_retirements_of_files(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
) -> None:
    await world.project(code="J-FILE")
    buyer = await world.administrator.made(
        "registerOrganisation", "organisation { id }", name={"zh": "广州某公司", "en": "Some Ltd"},
        role="CREDIT_HOLDER", programmes=[], creditCode="91440101MA59ABCD1D",
    )  # fmt: skip
    issued = tmp_path / "签发.csv"
    issued.write_text("\n".join(ISSUED), "gb18030")
    code, said = await run(api, world.registry.secret, str(issued), kind="issuances")
    assert (code, "3 COMMITTED, 5 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "签发.csv.result.csv")
    assert [t["code"] for t in told] == [
        "", "", "", "NOT_FOUND", "NOT_FOUND", "QUANTITY_MISMATCH", "NOT_FOUND", "NOT_FOUND",
    ]  # fmt: skip
    assert [t["row"] for t in told] == ["2", "3", "3", "4", "5", "6", "7", "8"]
    assert told[0]["备注"] == "'=1+1", "no formula"
    batches = (await world.anyone.ask(BATCHES))["creditBatches"]["nodes"]
    assert [
        (b["producedFrom"], b["producedTo"], b["serials"]["text"], b["serials"]["registryText"])
        for b in batches
    ] == MADE
    part = {"reference": "登〔2024〕3号", "quantity": "1200"}
    assert [b["issuance"] for b in batches] == [None, part, part]
    assert [b["suspectedDoubles"]["totalCount"] for b in batches] == [0, 0, 0]
    report = {"number": "HC-1", "dated": "2023-06-01"}
    verified = {"body": {"name": "某核查公司"}, "report": report}
    assert [b["verification"] for b in batches] == [verified, None, None]
    moved = tmp_path / "transfers.csv"
    moved.write_text(
        "\n".join([
            "起始序列号,终止序列号,转出方,转入方,转让量",
            f"CR0000000001,CR0000000100,91440101MA59ABCD1D,{world.holder.organisation},100",
            f"CR0000000101,CR0000000100,91440101MA59ABCD1D,{world.holder.organisation},",
            "CR0000000101,CR0000000110,广州某公司,测试CREDIT_HOLDER,10",
        ]), "utf-8",
    )  # fmt: skip
    code, said = await run(api, world.registry.secret, str(moved), kind="transfers")
    assert (code, "2 COMMITTED, 1 REJECTED" in said) == (1, True), said
    code, said = await run(api, world.registry.secret, str(moved), kind="transfers")
    assert (code, "1 REJECTED, 2 REPLAYED" in said) == (1, True), said
    held = await world.anyone.ask(HELD, id=buyer["id"])
    assert sorted(int(h["quantity"]) for h in held["node"]["holdings"]["nodes"]) == [100, 100, 390]
    pilot = await world.pilot()
    retired = tmp_path / "retired.csv"
    retired.write_text(
        "serials,pilot,year,retired_on,holder\n"
        f"CR0000000001 to CR0000000010,{pilot['code']},2022,2024-07-01,{world.holder.organisation}\n"
        f"CR0000000111～120,{pilot['code']},2022,2024-07-01,广州某公司\n",
        "utf-8",
    )
    code, said = await run(api, world.registry.secret, str(retired))
    assert (code, "2 COMMITTED" in said) == (0, True), said
    await check_conserved(database.owner_url)


async def test_certificates_of_a_file(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
) -> None:
    await world.project(code="J-CERT")
    issued = tmp_path / "issued.csv"
    issued.write_text(
        "证书编号,数量,项目代码,产生年份,登记日期,持有者\n"
        f"粤环函（2024）12号,50,J-CERT,2022,2024-01-15,{world.holder.organisation}\n",
        "utf-8",
    )
    code, said = await run(api, world.registry.secret, str(issued), kind="issuances")
    assert (code, "1 COMMITTED" in said) == (0, True), said
    (batch,) = (await world.anyone.ask(BATCHES))["creditBatches"]["nodes"]
    assert batch["byCertificate"]
    assert batch["serials"] == {
        "text": "粤环函〔2024〕12号-1 to 50",
        "registryText": "粤环函（2024）12号-1 to 粤环函（2024）12号-50",
    }
    pilot = await world.pilot()
    retired = tmp_path / "retired.csv"
    retired.write_text(
        "certificate,first,last,pilot,year,retired_on\n"
        f"粤环函[2024]12号,1,20,{pilot['code']},2022,2024-07-01\n",
        "utf-8",
    )
    code, said = await run(api, world.registry.secret, str(retired))
    assert (code, "1 COMMITTED" in said) == (0, True), said
    await check_conserved(database.owner_url)
