"""What is asked in ``bench.reads``, of NZC and, where it can be asked the same, of PostGraphile: never the same twice
in a row, so that no cache answers."""

from typing import Any, NamedTuple

from bench.read_stage import RETIREMENTS, serial_text
from bench.stage import PILOTS

# A document, and its variables one after another.
Asked = tuple[str, list[dict[str, Any]]]

CODES = [{"code": f"P-{number}"} for number in range(PILOTS)]
SERIALS = [
    {"serial": serial_text(pilot, number)}
    for number in range(RETIREMENTS)
    for pilot in range(PILOTS)
]

RETIRED = """query ($code: String!) { pilot(by: {code: $code}) { variant code name { zh en }
    accountingPeriod(by: {year: 2022}) { retirements(first: 50) { nodes { position retiredOn quantity
        movements { nodes { serials { first last } batch { vintage project { forestry code } } } } } } } } }"""
RETIRED_THERE = """query ($code: String!) { pilotByCode(code: $code) { variant code nameZh nameEn
    accountsByPilotId(condition: {kind: "RETIREMENT"}) { nodes {
        movementsByCreditId(first: 50, orderBy: POSITION_ASC) { nodes { position lo hi
            logEntryByPosition { at kind }
            creditBatchByBatchId { vintage projectByProjectId { forestry code } } } } } } } }"""
SMALL = """query ($code: String!) { pilot(by: {code: $code}) {
    variant code name { zh en } administrativeDivision { zh: name { zh } code } } }"""
SMALL_THERE = """query ($code: String!) { pilotByCode(code: $code) {
    variant code nameZh nameEn divisionCode } }"""
NET = """query ($code: String!) { pilot(by: {code: $code}) { netEmissions(period: {year: 2022}) {
    netCo2e gross { co2e } sinks { co2e } assurance coverage { status }
    purchasedReductions { quantity byMechanism { mechanism quantity } } } } }"""
NETS = """query ($after: String) { pilots(first: 20, after: $after) { nodes { variant code
    netEmissions(period: {year: 2022}) { netCo2e purchasedReductions { quantity } } } } }"""
LIFE = """query ($serial: String!) { creditSerial(by: {programme: CCER, text: $serial}) {
    account { kind } life(first: 20) { nodes { position kind } } } }"""
INVENTORIES = """query ($code: String!) { pilot(by: {code: $code}) { inventories { nodes {
    status emissionSources(first: 20) { nodes { label category co2e } } } } } }"""


class Case(NamedTuple):
    """Something that is read, and what its rate should be to others': at least, and at best."""

    name: str
    asked: Asked
    there: Asked | None = None
    of_there: tuple[float, float] | None = None
    of_before: tuple[float, float] | None = None


def cases(cursors: list[str]) -> list[Case]:
    """The cases; pages of pilots begin after the ``cursors``."""
    pages = [{"after": cursor} for cursor in cursors]
    return [
        Case("50 retirements", (RETIRED, CODES), (RETIRED_THERE, CODES), of_there=(0.7, 1.5)),
        Case("small pilot", (SMALL, CODES), (SMALL_THERE, CODES), of_there=(0.8, 1.2)),
        Case("net emissions", (NET, CODES), of_before=(3, 6)),
        Case("20 pilots with net", (NETS, pages), of_before=(3, 6)),
        Case("serial's life", (LIFE, SERIALS), of_before=(2, 2)),
        Case("inventory of 20 lines", (INVENTORIES, CODES)),
    ]
