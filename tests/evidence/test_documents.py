"""Documents are attached as evidence: by what identifies their bytes, to what they are evidence of."""

from hashlib import sha256
from typing import Any

import pytest

from tests.evaluation.evaluating import found, ready, stable
from tests.finance.financing import financed
from tests.management.managing import assigned, established, kept_up, published
from tests.measures.planning import planned
from tests.plans.drafting import approved, drafted
from tests.targets.stating import stated, with_target
from tests.world import Caller, World, as_kind

DOCUMENT = """id documentKind fileName mediaType size sha256 position
    attachedTo { __typename id }"""
EVIDENCE = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Inventory {{ documents {{ nodes {{ id }} }}
    emissionSources {{ nodes {{ id evidence {{ totalCount nodes {{ {DOCUMENT} }} }} }} }} }} }} }}"""


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def document(subject: str, **given: Any) -> dict[str, Any]:
    """The input of a good document of something."""
    return {
        "attachedTo": subject, "documentKind": "BILL", "fileName": "电费单 2023-01.pdf",
        "mediaType": "application/pdf", "size": "48213", "sha256": hashed("the bill"),
    } | given  # fmt: skip


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def attach(world: World, subject: str, **given: Any) -> Any:
    wanted = f"document {{ {DOCUMENT} }}"
    return await world.operator.made("attachDocument", wanted, **document(subject, **given))


async def lines_of(world: World, inventory: str) -> Any:
    found = await world.operator.ask(EVIDENCE, id=inventory)
    return found["node"]["emissionSources"]["nodes"]


async def test_a_line_carries_its_evidence(world: World) -> None:
    pilot = await world.pilot()
    inventory = await stated(world, pilot, 2022, "5", verify=False)
    [line] = await lines_of(world, inventory)
    before = await world.head()
    made = await attach(world, line["id"])
    assert made == {
        "id": made["id"], "documentKind": "BILL", "fileName": "电费单 2023-01.pdf",
        "mediaType": "application/pdf", "size": "48213", "sha256": hashed("the bill"),
        "position": str(before + 1), "attachedTo": {"__typename": "EmissionSource", "id": line["id"]},
    }  # fmt: skip
    [line] = await lines_of(world, inventory)
    assert line["evidence"] == {"totalCount": 1, "nodes": [made]}
    events = await world.anyone.ask(
        "query ($after: BigInt!) { events(after: $after) { kind } }", after=str(before)
    )
    assert events["events"] == [{"kind": "DOCUMENT_ATTACHED"}]


async def test_the_next_version_of_a_line_has_its_evidence(world: World) -> None:
    pilot = await world.pilot()
    inventory = await stated(world, pilot, 2022, "5")
    [line] = await lines_of(world, inventory)
    made = await attach(world, line["id"])
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    [again] = await lines_of(world, revised["id"])
    assert again["id"] != line["id"]
    assert again["evidence"]["nodes"] == [made]
    own = await attach(world, again["id"], sha256=hashed("another"))
    await world.submit(revised["id"])
    third = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=revised["id"]
    )
    [last] = await lines_of(world, third["id"])
    assert last["evidence"]["nodes"] == [made, own]
    [line] = await lines_of(world, inventory)
    assert line["evidence"]["nodes"] == [made], "of the first version as it was"


@pytest.mark.parametrize("kind", ["Pilot", "Inventory", "Target", "Sink"])
async def test_what_documents_are_attached_to(world: World, kind: str) -> None:
    pilot = await with_target(world)
    inventory = await world.inventory(pilot, 2023)
    sink = {
        "category": "FORESTRY_SINK", "label": "林", "factor": "measured.co2",
        "activity": {"value": "1", "unit": "tCO2"},
        "sinkBasis": {"methodology": "CCER-14-001-V01 造林碳汇", "evidence": "报告1"},
    }  # fmt: skip
    await world.record(inventory, sink, sinks=True)
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { sinks { nodes { id } } } } }"
    [of_sink] = (await world.operator.ask(query, id=inventory))["node"]["sinks"]["nodes"]
    subjects = {
        "Pilot": pilot["id"], "Inventory": inventory, "Target": pilot["target"],
        "Sink": of_sink["id"],
    }  # fmt: skip
    made = await attach(world, subjects[kind])
    assert made["attachedTo"] == {"__typename": kind, "id": subjects[kind]}
    field = "evidence" if kind == "Sink" else "documents"
    query = f"""query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{
        {field} {{ totalCount nodes {{ id }} }} }} }} }}"""
    found = (await world.operator.ask(query, id=subjects[kind]))["node"][field]
    assert found == {"totalCount": 1, "nodes": [{"id": made["id"]}]}


async def test_what_else_documents_are_attached_to(world: World) -> None:
    """By the pilot's operator, and by the role that has a part in it; seen where the thing is."""
    pilot = await stable(world)
    here = pilot["id"]
    evaluation = await ready(world, pilot)
    subjects: dict[str, tuple[str, Caller | None]] = {
        "Plan": (await approved(world, (await world.pilot())["id"]), world.regulator),
        "Measure": (await planned(world, here), world.verifier),
        "Financing": (await financed(world, here), None),
        "Post": (await established(world, here), None),
        "Duty": (await assigned(world, here), None),
        "ManagementRule": (await published(world, here), None),
        "Upkeep": (await kept_up(world, here), None),
        "Evaluation": (evaluation, world.regulator),
        "EvaluationFinding": (await found(world, evaluation), world.regulator),
    }
    node = "query ($id: ID!) { node(id: $id) { ... on Document { sha256 } } }"
    mutation = (
        "mutation ($input: AttachDocumentInput!) { attachDocument(input: $input) { __typename } }"
    )
    for kind, (subject, other) in subjects.items():
        made = await attach(world, subject)
        assert made["attachedTo"] == {"__typename": kind, "id": subject}
        ids = [made["id"]]
        given = document(subject, sha256=hashed("another"))
        for caller in (world.regulator, world.verifier):
            if caller is other:
                ids.append((await caller.made("attachDocument", "document { id }", **given))["id"])
                continue
            error = await caller.fail(mutation, input=given | {"idempotencyKey": f"{kind}-not"})
            assert error["extensions"]["code"] == "FORBIDDEN"
        theirs = given | {"idempotencyKey": f"{kind}-theirs"}
        answer = (await world.other_operator.post(mutation, input=theirs)).json()
        forbidden = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert forbidden == ["FORBIDDEN"] or (
            answer["data"]["attachDocument"]["__typename"] == "NotFound"
        )
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ documents {{ nodes {{ id }} }} }} }} }}"
        listed = (await world.auditor.ask(query, id=subject))["node"]["documents"]["nodes"]
        assert [one["id"] for one in listed] == ids
        assert (await world.auditor.ask(node, id=ids[-1]))["node"]["sha256"]
        assert (await world.anyone.ask(node, id=ids[-1]))["node"] is None
        assert (await world.other_operator.ask(node, id=ids[-1]))["node"] is None


async def test_a_draft_is_documented_by_who_sees_it(world: World) -> None:
    plan = await drafted(world, (await world.pilot())["id"])
    await attach(world, plan)
    given = document(plan, sha256=hashed("another"))
    error = await world.regulator.refused("attachDocument", **given)
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "attachedTo"])


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a path": ({"fileName": "../bill.pdf"}, "INVALID_INPUT", "fileName"),
    "a folder": ({"fileName": "2023/bill.pdf"}, "INVALID_INPUT", "fileName"),
    "a folder of Windows": ({"fileName": "C:\\bills\\bill.pdf"}, "INVALID_INPUT", "fileName"),
    "a drive": ({"fileName": "C:bill.pdf"}, "INVALID_INPUT", "fileName"),
    "a hidden file": ({"fileName": ".bill.pdf"}, "INVALID_INPUT", "fileName"),
    "no name": ({"fileName": ""}, "INVALID_INPUT", "fileName"),
    "a name that turns what follows": (
        {"fileName": "bill\u202efdp.pdf"}, "INVALID_INPUT", "fileName",
    ),
    "a name of 201 characters": ({"fileName": "a" * 197 + ".pdf"}, "INVALID_INPUT", "fileName"),
    "an SVG": (
        {"fileName": "a.svg", "mediaType": "image/svg+xml"}, "DOCUMENT_TYPE_NOT_ACCEPTED", "mediaType",
    ),
    "a page": (
        {"fileName": "a.html", "mediaType": "text/html"}, "DOCUMENT_TYPE_NOT_ACCEPTED", "mediaType",
    ),
    "an SVG that is called a picture": (
        {"fileName": "a.svg", "mediaType": "image/png"}, "DOCUMENT_TYPE_NOT_ACCEPTED", "mediaType",
    ),
    "a type with parameters": (
        {"mediaType": "application/pdf; a=b"}, "DOCUMENT_TYPE_NOT_ACCEPTED", "mediaType",
    ),
    "51 MB": ({"size": "51000000"}, "DOCUMENT_TOO_LARGE", "size"),
    "a byte too many": ({"size": "50000001"}, "DOCUMENT_TOO_LARGE", "size"),
    "nothing": ({"size": "0"}, "INVALID_INPUT", "size"),
    "less than nothing": ({"size": "-1"}, "INVALID_INPUT", "size"),
    "a hash that is too short": ({"sha256": "0" * 63}, "INVALID_INPUT", "sha256"),
    "a hash in capitals": ({"sha256": "A" * 64}, "INVALID_INPUT", "sha256"),
    "a hash of nothing": ({"sha256": hashed("")}, "INVALID_INPUT", "sha256"),
    "a hash that is none": ({"sha256": "g" * 64}, "INVALID_INPUT", "sha256"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused(world: World, what: str) -> None:
    said, code, field = REFUSED[what]
    pilot = await world.pilot()
    before = await world.head()
    error = await world.operator.refused("attachDocument", **document(pilot["id"], **said))
    assert (error["code"], error["path"]) == (code, ["input", field])
    assert await world.head() == before


async def test_exactly_50_mb_may_be_attached(world: World) -> None:
    pilot = await world.pilot()
    assert (await attach(world, pilot["id"], size="50000000"))["size"] == "50000000"


async def test_the_same_bytes_once_on_one_thing(world: World) -> None:
    pilot, other = await world.pilot(), await world.pilot()
    made = await attach(world, pilot["id"])
    query = """mutation ($input: AttachDocumentInput!) { attachDocument(input: $input) {
        ... on DocumentAlreadyAttached { code path attachedDocument { id } } } }"""
    given = document(pilot["id"], fileName="又.pdf", idempotencyKey="twice")
    error = (await world.operator.ask(query, input=given))["attachDocument"]
    assert error == {
        "code": "DOCUMENT_ALREADY_ATTACHED", "path": ["input", "sha256"],
        "attachedDocument": {"id": made["id"]},
    }  # fmt: skip
    await attach(world, other["id"])


async def test_of_something_that_is_not_there(world: World) -> None:
    pilot = await world.pilot()
    for kind in ("EmissionSource", "Sink", "Inventory", "Target"):
        subject = as_kind(kind, pilot["id"])
        error = await world.operator.refused("attachDocument", **document(subject))
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "attachedTo"])
    inventory = await stated(world, pilot, 2022, "5", verify=False)
    [line] = await lines_of(world, inventory)
    error = await world.operator.refused("attachDocument", **document(as_kind("Sink", line["id"])))
    assert error["code"] == "NOT_FOUND"
    period = pilot["periods"][2022]
    error = await world.operator.refused("attachDocument", **document(period))
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "attachedTo"])


async def test_operators_attach_to_their_own_pilots(world: World) -> None:
    pilot = await world.pilot()
    query = (
        "mutation ($input: AttachDocumentInput!) { attachDocument(input: $input) { __typename } }"
    )
    given = document(pilot["id"], idempotencyKey="mine")
    before = await world.head()
    for caller in (
        world.other_operator, world.administrator, world.verifier, world.auditor, world.registry,
    ):  # fmt: skip
        error = await caller.fail(query, input=given)
        assert error["extensions"]["code"] == "FORBIDDEN"
    assert await world.head() == before


async def test_a_document_is_seen_where_its_subject_is(world: World) -> None:
    """A draft's by its operator; a verified line's as lines are; a pilot's as its statements are."""
    node = "query ($id: ID!) { node(id: $id) { ... on Document { sha256 } } }"
    pilot = await world.pilot(statementVisibility="ROLES")
    of_pilot = await attach(world, pilot["id"])
    inventory = await world.inventory(pilot, 2022)
    of_draft = await attach(world, inventory)
    seen = {
        of_pilot["id"]: (world.operator, world.verifier, world.auditor),
        of_draft["id"]: (world.operator, world.verifier),
    }
    for made, callers in seen.items():
        for caller in (world.operator, world.verifier, world.auditor, world.anyone,
                       world.other_operator):  # fmt: skip
            found = (await caller.ask(node, id=made))["node"]
            assert (found is not None) == (caller in callers)
    of_it = "query ($id: ID!) { pilot(by: {id: $id}) { documents { totalCount nodes { id } } } }"
    assert (await world.anyone.ask(of_it, id=pilot["id"]))["pilot"]["documents"] == {
        "totalCount": 0, "nodes": [],
    }  # fmt: skip
    public = await world.pilot()
    stated_line = await stated(world, public, 2022, "5")
    [line] = await lines_of(world, stated_line)
    of_line = await attach(world, line["id"])
    assert (await world.anyone.ask(node, id=of_line["id"]))["node"] is None, "lines are not public"
    assert (await world.auditor.ask(node, id=of_line["id"]))["node"] is not None
