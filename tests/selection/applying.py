"""Applications, as short as tests want them."""

from typing import Any

from tests.world import World

REASON = "专家现场核查属实"


def application(**given: Any) -> dict[str, Any]:
    """The input of a good application of a building."""
    return {
        "variant": "BUILDING_EXISTING", "name": {"zh": "某行政服务中心", "en": "Some service centre"},
        "applicantKind": "BUILDING_OPERATOR", "applicantName": {"zh": "某单位", "en": "Some body"},
        "administrativeDivision": "440100", "establishment": "EXISTING", "operationStartsOn": "2015-01-01",
        "boundary": {"words": "用地红线内的全部建筑", "hectares": "2.5"},
    } | given  # fmt: skip


TOWN = {
    "variant": "TOWN", "applicantKind": "COMPETENT_DEPARTMENT", "establishment": "NEW", "operationStartsOn": None,
}  # fmt: skip


def document(number: int = 1, **given: Any) -> dict[str, Any]:
    return {
        "documentKind": "CERTIFICATE", "fileName": f"证书{number}.pdf", "mediaType": "application/pdf",
        "size": "48213", "sha256": f"{number:064x}",
    } | given  # fmt: skip


async def opened(world: World, **given: Any) -> str:
    """An application: its id."""
    made = await world.operator.made(
        "openApplication", "application { id }", **application(**given)
    )
    return str(made["id"])


async def claimed(world: World, application: str, criterion: str, documents: int = 0) -> None:
    given = [document(number) for number in range(1, documents + 1)]
    await world.operator.made(
        "claimCriterion", "application { id }", application=application, criterion=criterion,
        statement="见所附文件", documents=given,
    )  # fmt: skip


async def submitted(world: World, application: str) -> None:
    await world.operator.made("submitApplication", "application { id }", application=application)


async def applied(world: World, **given: Any) -> str:
    """An application that was submitted: its id."""
    made = await opened(world, **given)
    await submitted(world, made)
    return made


async def judged(world: World, application: str, *criteria: str, verdict: str = "MET") -> None:
    for criterion in criteria:
        await world.regulator.made(
            "judgeCriterion", "application { id }", application=application, criterion=criterion,
            verdict=verdict, reason=REASON,
        )  # fmt: skip


def decision(application: str, what: str, code: str | None = None) -> dict[str, Any]:
    """The input of a decision."""
    return {"application": application, "decision": what, "reason": REASON, "pilotCode": code}
