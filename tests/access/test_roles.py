"""Who may do what: every write needs a key of the right role; reading is open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.evaluation import evaluating
from tests.finance import financing
from tests.management import managing
from tests.measures import planning
from tests.metering.test_meters import meter, meter_input
from tests.monitoring.explaining import explained_pilot, explaining
from tests.plans import drafting
from tests.proposing import propose
from tests.selection import applying
from tests.targets.stating import with_target
from tests.webhooks import registering
from tests.world import Caller, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


CALLERS = (
    "anyone", "administrator", "registry", "phcer_registry", "operator", "other_operator",
    "verifier", "holder", "auditor", "regulator", "gateway",
)  # fmt: skip

# Of webhooks each has their own: those of another organisation are not found.
KEYED = {*CALLERS} - {"anyone"}

VERBS: dict[str, tuple[str, set[str]]] = {
    "registerOrganisation": ("RegisterOrganisationInput", {"administrator"}),
    "amendOrganisation": ("AmendOrganisationInput", {"administrator"}),
    "issueApiKey": ("IssueApiKeyInput", {"administrator"}),
    "revokeApiKey": ("RevokeApiKeyInput", {"administrator"}),
    "registerPilot": ("RegisterPilotInput", {"operator", "other_operator", "administrator"}),
    "amendPilot": ("AmendPilotInput", {"operator", "administrator"}),
    "placePilot": ("PlacePilotInput", {"operator", "administrator"}),
    "recordPilotOverlap": ("RecordPilotOverlapInput", {"operator", "administrator"}),
    "registerAccountingPeriod": ("RegisterAccountingPeriodInput", {"operator", "administrator"}),
    "withdrawAccountingPeriod": ("WithdrawAccountingPeriodInput", {"operator", "administrator"}),
    "createInventory": ("CreateInventoryInput", {"operator"}),
    "recordEmissionSources": ("RecordEmissionSourcesInput", {"operator"}),
    "recordSinks": ("RecordSinksInput", {"operator"}),
    "submitInventory": ("InventoryInput", {"operator"}),
    "verifyInventory": ("InventoryInput", {"verifier"}),
    "reviseInventory": ("ReviseInventoryInput", {"operator"}),
    "amendInventory": ("AmendInventoryInput", {"operator"}),
    "discardInventory": ("DiscardInventoryInput", {"operator"}),
    "registerProject": ("RegisterProjectInput", {"registry", "phcer_registry", "administrator"}),
    "enrolProject": ("EnrolProjectInput", {"registry", "administrator"}),
    "issueCredits": ("IssueCreditsInput", {"registry"}),
    "transferCredits": ("TransferCreditsInput", {"registry"}),
    "retireCredits": ("RetireCreditsInput", {"registry"}),
    "issueCreditsBulk": ("IssueCreditsBulkInput", {"registry"}),
    "transferCreditsBulk": ("TransferCreditsBulkInput", {"registry"}),
    "retireCreditsBulk": ("RetireCreditsBulkInput", {"registry"}),
    "requestRetirement": ("RequestRetirementInput", {"registry"}),
    "confirmRetirement": ("ConfirmRetirementInput", {"registry"}),
    "cancelRetirementRequest": ("CancelRetirementRequestInput", {"registry"}),
    "useCredits": ("UseCreditsInput", {"registry"}),
    "freezeCredits": ("FreezeCreditsInput", {"registry"}),
    "unfreezeCredits": ("UnfreezeCreditsInput", {"registry"}),
    "invalidateCredits": ("InvalidateCreditsInput", {"registry"}),
    "recordExport": ("RecordExportInput", {"registry"}),
    "correctPosting": ("CorrectPostingInput", {"registry"}),
    "proposeOrder": ("ProposeOrderInput", {"registry"}),
    "approveProposal": ("ApproveProposalInput", {"registry"}),
    "withdrawProposal": ("WithdrawProposalInput", {"registry"}),
    "resolveDoubleIssuance": ("ResolveDoubleIssuanceInput", {"administrator"}),
    "resolveSameSite": ("ResolveSameSiteInput", {"administrator"}),
    "amendProject": ("AmendProjectInput", {"registry", "phcer_registry", "administrator"}),
    "requestRetirementBulk": ("RequestRetirementBulkInput", {"registry"}),
    "confirmRetirementBulk": ("ConfirmRetirementBulkInput", {"registry"}),
    "useCreditsBulk": ("UseCreditsBulkInput", {"registry"}),
    "freezeCreditsBulk": ("FreezeCreditsBulkInput", {"registry"}),
    "attachDocument": ("AttachDocumentInput", {"operator"}),
    "recordTarget": ("RecordTargetInput", {"operator"}),
    "reviseTarget": ("ReviseTargetInput", {"operator"}),
    "openApplication": ("OpenApplicationInput", {"operator", "other_operator"}),
    "claimCriterion": ("ClaimCriterionInput", {"operator"}),
    "submitApplication": ("SubmitApplicationInput", {"operator"}),
    "withdrawApplication": ("WithdrawApplicationInput", {"operator"}),
    "judgeCriterion": ("JudgeCriterionInput", {"regulator"}),
    "decideApplication": ("DecideApplicationInput", {"regulator"}),
    "planMeasure": ("PlanMeasureInput", {"operator"}),
    "recordMeasureProgress": ("RecordMeasureProgressInput", {"operator"}),
    "verifyMeasureEffect": ("VerifyMeasureEffectInput", {"verifier"}),
    "writePotentialAnalysis": ("WritePotentialAnalysisInput", {"operator"}),
    "draftPlan": ("DraftPlanInput", {"operator"}),
    "revisePlan": ("RevisePlanInput", {"operator"}),
    "submitPlan": ("SubmitPlanInput", {"operator"}),
    "approvePlan": ("ApprovePlanInput", {"regulator"}),
    "returnPlan": ("ReturnPlanInput", {"regulator"}),
    "reachMilestone": ("ReachMilestoneInput", {"operator"}),
    "recordCompletion": ("RecordCompletionInput", {"operator"}),
    "recordFinancing": ("RecordFinancingInput", {"operator"}),
    "endFinancing": ("EndFinancingInput", {"operator"}),
    "establishPost": ("EstablishPostInput", {"operator"}),
    "appointHolder": ("AppointHolderInput", {"operator"}),
    "eraseHolderName": ("EraseHolderNameInput", {"operator", "administrator"}),
    "assignDuty": ("AssignDutyInput", {"operator"}),
    "publishRule": ("PublishRuleInput", {"operator"}),
    "repealRule": ("RepealRuleInput", {"operator"}),
    "recordUpkeep": ("RecordUpkeepInput", {"operator"}),
    "openEvaluation": ("OpenEvaluationInput", {"regulator"}),
    "selfEvaluate": ("SelfEvaluateInput", {"operator"}),
    "appointPanel": ("AppointPanelInput", {"regulator"}),
    "eraseExpertName": ("EraseExpertNameInput", {"regulator"}),
    "recordSiteVisit": ("RecordSiteVisitInput", {"regulator"}),
    "scoreItem": ("ScoreItemInput", {"regulator"}),
    "recordFinding": ("RecordFindingInput", {"regulator"}),
    "answerFinding": ("AnswerFindingInput", {"operator"}),
    "closeFinding": ("CloseFindingInput", {"regulator"}),
    "decideEvaluation": ("DecideEvaluationInput", {"regulator"}),
    "followUp": ("FollowUpInput", {"operator"}),
    "registerMeter": ("RegisterMeterInput", {"operator"}),
    "placeMeter": ("PlaceMeterInput", {"operator"}),
    "endMeter": ("EndMeterInput", {"operator"}),
    "replaceMeter": ("ReplaceMeterInput", {"operator"}),
    "assignGateway": ("AssignGatewayInput", {"operator"}),
    "recordReadings": ("RecordReadingsInput", {"operator", "gateway"}),
    "recordBills": ("RecordBillsInput", {"operator", "gateway"}),
    "correctReading": ("CorrectReadingInput", {"operator"}),
    "draftFromMeters": ("DraftFromMetersInput", {"operator"}),
    "fillGap": ("FillGapInput", {"operator"}),
    "recordDenominator": ("RecordDenominatorInput", {"operator"}),
    "recordEnergyBaseline": ("RecordEnergyBaselineInput", {"operator"}),
    "createWebhookEndpoint": ("CreateWebhookEndpointInput", KEYED),
    "updateWebhookEndpoint": ("UpdateWebhookEndpointInput", KEYED),
    "disableWebhookEndpoint": ("DisableWebhookEndpointInput", KEYED),
    "enableWebhookEndpoint": ("EnableWebhookEndpointInput", KEYED),
    "rotateWebhookSecret": ("RotateWebhookSecretInput", KEYED),
    "replayWebhookEndpoint": ("ReplayWebhookEndpointInput", KEYED),
    "deleteWebhookEndpoint": ("DeleteWebhookEndpointInput", KEYED),
}


async def inputs(world: World) -> dict[str, dict[str, Any]]:
    """A good input for every verb, as far as access goes."""
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    text = {"zh": "某", "en": "Some"}
    serials = {"text": "GD-1 to 2"}
    line = {
        "category": "OTHER", "label": "x", "factor": "measured.co2",
        "activity": {"value": "1", "unit": "tCO2"},
    }  # fmt: skip
    project = await world.project()
    organisation = world.holder.organisation
    batch = await world.issue(project, "GD-HELD")
    retirement = world.retirement(pilot, "GD-HELD", 1, 2)
    posting = (await world.registry.made("retireCredits", "retirement { id }", **retirement))["id"]
    proposal = (await propose(world.registry, correctPosting=posting))["id"]
    requested = world.retirement(pilot, "GD-HELD", 3, 4) | {"expiresAt": soon()}
    del requested["retiredOn"]
    request = (await world.registry.made("requestRetirement", "request { id }", **requested))["id"]
    held = {"serials": {"programme": "CCER", "block": {"text": "GD-HELD-5 to 6"}}}
    grounds = {"document": "D-1", "reason": "x"}
    aimed = await with_target(world)
    post = await managing.established(world, pilot["id"])
    hook = {"webhookEndpoint": await registering.hooked(world)}
    running = await planning.planned(world, pilot["id"])
    await planning.progressed(world, running, "RUNNING", "2024-03-01")
    register, ended = [(await meter(world, pilot, code))["id"] for code in ("R-1", "R-2")]
    billed = (await meter(world, pilot, "B-1", meterKind="BILL"))["id"]
    read = (await meter(world, pilot, "B-2", meterKind="BILL", validFrom="2022-01-01"))["id"]
    bill = {"meter": read, "firstDay": "2022-01-01", "lastDay": "2022-01-31", "quantity": "1"}
    await world.operator.made("recordBills", "batch { id }", items=[bill])
    drafted = await world.inventory(pilot)
    gateway = world.gateway.organisation
    for one in (register, billed):
        await world.operator.made("assignGateway", "meter { id }", meter=one, gateway=gateway)
    baseline = {"accountingPeriod": pilot["periods"][2022], "basis": "HISTORICAL", "asOf": "1"}
    aim = {"baseline": baseline, "ceilings": [{"year": 2030, "netCo2e": "0"}], "routes": ["SINK"]}
    given: dict[str, dict[str, Any]] = {
        "registerOrganisation": {"name": text, "role": "VERIFIER"},
        "amendOrganisation": {"organisation": organisation} | grounds,
        "issueApiKey": {"organisation": organisation, "label": "x"},
        "revokeApiKey": {"apiKey": await world_key(world)},
        "registerPilot": {
            "code": key()[:8].upper(), "variant": "TOWN", "name": text,
            "applicantKind": "COMPETENT_DEPARTMENT", "applicantName": text,
            "administrativeDivision": "440100", "establishment": "NEW",
        },
        "recordPilotOverlap": {"pilot": pilot["id"], "other": (await world.pilot())["id"]},
        "amendPilot": {"pilot": pilot["id"], "lineVisibility": "PUBLIC"},
        "placePilot": {"pilot": pilot["id"], "surroundingPilot": None},
        "registerAccountingPeriod": {
            "pilot": pilot["id"], "startsOn": "2030-01-01", "endsOn": "2030-12-31",
        },
        "withdrawAccountingPeriod": {"accountingPeriod": pilot["periods"][2023]},
        "createInventory": {
            "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2023],
            "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2023",
        },
        "recordEmissionSources": {"inventory": inventory, "sources": [line]},
        "recordSinks": {"inventory": inventory, "sinks": [line]},
        "submitInventory": {"inventory": inventory},
        "verifyInventory": {"inventory": inventory},
        "reviseInventory": {"inventory": inventory},
        "amendInventory": {"inventory": inventory},
        "discardInventory": {"inventory": inventory},
        "registerProject": {
            "code": key()[:8].upper(), "name": text, "forestry": False, "site": "x",
        },
        "enrolProject": {
            "project": project, "programme": "CCER", "rule": "CCER_2023", "number": "1",
            "registeredOn": "2024-01-01",
        },
        "issueCredits": {
            "project": project, "programme": "CCER", "serials": serials, "quantity": "2",
            "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-01",
            "holder": organisation,
        },
        "transferCredits": {
            "programme": "CCER", "serials": serials, "from": organisation,
            "to": world.operator.organisation,
        },
        "retireCredits": {
            "programme": "CCER", "serials": serials, "pilot": pilot["id"],
            "accountingPeriod": pilot["periods"][2022], "retiredOn": "2024-07-01",
        },
        "requestRetirement": requested,
        "confirmRetirement": {
            "request": request, "retiredOn": "2024-07-01", "registryReference": "R-1",
        },
        "cancelRetirementRequest": {"request": request},
        "useCredits": {
            "programme": "CCER", "serials": serials, "purpose": "EVENT", "beneficiary": "x",
            "usedOn": "2024-07-01",
        },
        "freezeCredits": {"target": held} | grounds,
        "unfreezeCredits": {"target": held} | grounds,
        "invalidateCredits": {"target": held} | grounds,
        "recordExport": {"batch": batch} | grounds,
        "correctPosting": {"posting": posting} | grounds,
        "proposeOrder": {"order": {"correctPosting": posting}} | grounds,
        "approveProposal": {"proposal": proposal},
        "withdrawProposal": {"proposal": proposal},
        "resolveDoubleIssuance": {"batch": batch, "other": batch, "finding": "DISTINCT"} | grounds,
        "resolveSameSite": {"subject": project, "pilot": pilot["id"], "finding": "DISTINCT"} | grounds,
        "amendProject": {"project": project, "siteCode": "S"} | grounds,
        "attachDocument": {
            "attachedTo": pilot["id"], "documentKind": "BILL", "fileName": "a.pdf", "size": "5",
            "mediaType": "application/pdf", "sha256": "a" * 64,
        },
        "registerMeter": meter_input(pilot, "NEW"),
        "placeMeter": {"meter": register},
        "assignGateway": {"meter": ended, "gateway": gateway},
        "endMeter": {"meter": ended, "validTo": "2024-01-31"},
        "replaceMeter": {
            "meter": register, "at": "2024-02-01T00:00:00+08:00", "finalValue": "1", "firstValue": "0",
            "maximumPerHour": "1",
        },
        "draftFromMeters": {
            "inventory": drafted,
            "sources": [{"meter": read, "category": "ENERGY_CONSUMPTION", "factor": "elec.guangdong.avg.2022"}],
        },
        "recordReadings": {
            "items": [{"meter": register, "at": "2024-01-01T00:00:00+08:00", "value": "1"}],
        },
        "recordBills": {
            "items": [{
                "meter": billed, "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1",
            }],
        },
        "correctReading": {
            "meter": register, "startsAt": "2024-01-01T00:00:00+08:00", "value": "1",
        } | grounds,
        "fillGap": {
            "meter": billed, "firstDay": "2023-06-01", "lastDay": "2023-06-02", "method": "STATED", "quantity": "1",
            "document": "D-1",
        },
        "recordDenominator": {
            "pilot": pilot["id"], "denominatorKind": "RESIDENTS", "firstDay": "2023-01-01", "lastDay": "2023-12-31",
            "value": "1", "source": "D-1",
        },
        "recordEnergyBaseline": explaining(await explained_pilot(world)),
        "recordTarget": aim | {"pilot": pilot["id"]},
        "openApplication": applying.application(),
        "claimCriterion": {
            "application": await applying.opened(world), "criterion": "BUILDING-2", "statement": "见附件",
        },
        "submitApplication": {"application": await applying.opened(world)},
        "withdrawApplication": {"application": await applying.opened(world), "reason": "另行申报"},
        "judgeCriterion": {
            "application": await applying.applied(world), "criterion": "BUILDING-2", "verdict": "MET",
            "reason": "属实",
        },
        "decideApplication": {
            "application": await applying.applied(world), "decision": "RETURNED", "reason": "请补正",
        },
        "planMeasure": planning.plan(pilot["id"]),
        "recordMeasureProgress": {
            "measure": await planning.planned(world, pilot["id"]), "state": "BUILT", "on": "2024-01-01",
            "document": "验收单",
        },
        "verifyMeasureEffect": planning.effect(running),
        "writePotentialAnalysis": planning.analysis(aimed),
        "draftPlan": {"pilot": (await world.pilot())["id"], "terms": drafting.terms()},
        "revisePlan": {"plan": await drafting.drafted(world, aimed["id"]), "terms": drafting.terms(), "reason": "修订"},
        "submitPlan": {"plan": await drafting.drafted(world, (await world.pilot())["id"])},
        "approvePlan": {"plan": await drafting.submitted(world, (await world.pilot())["id"])},
        "returnPlan": {"plan": await drafting.submitted(world, (await world.pilot())["id"]), "reason": "请补正"},
        "reachMilestone": drafting.reaching(await drafting.approved(world, (await world.pilot())["id"])),
        "recordCompletion": drafting.building(await drafting.built(world)),
        "recordFinancing": financing.financing(pilot["id"]),
        "endFinancing": {
            "financing": await financing.financed(world, pilot["id"]), "on": "2024-06-30", "document": "还款凭证",
        },
        "establishPost": managing.post(pilot["id"], "ROLES"),
        "appointHolder": managing.appointment(post, on="2024-03-01"),
        "eraseHolderName": {"appointment": await managing.appointed(world, post)},
        "assignDuty": managing.duty(pilot["id"]),
        "publishRule": managing.rule(pilot["id"]),
        "repealRule": {
            "rule": await managing.published(world, pilot["id"]), "on": "2024-06-30", "document": "文件9号",
        },
        "recordUpkeep": managing.upkeep(pilot["id"]),
        **await evaluating.every_input(world),
        "reviseTarget": aim | {"target": aimed["target"], "revisionReason": "ERROR"},
        "createWebhookEndpoint": registering.endpoint(),
        "updateWebhookEndpoint": hook | {"label": "另一个"},
        "disableWebhookEndpoint": hook,
        "enableWebhookEndpoint": hook,
        "rotateWebhookSecret": hook,
        "replayWebhookEndpoint": hook | {"after": "0"},
        "deleteWebhookEndpoint": hook,
    }  # fmt: skip
    for verb in (
        "issueCredits", "transferCredits", "retireCredits", "requestRetirement", "confirmRetirement",
        "useCredits", "freezeCredits",
    ):  # fmt: skip
        item = given[verb] | {"idempotencyKey": key()}
        given[f"{verb}Bulk"] = {"mode": "ALL_OR_NOTHING", "items": [item]}
    return given


def soon() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")


async def world_key(world: World) -> str:
    made = await world.administrator.made(
        "issueApiKey", "apiKey { id }", organisation=world.verifier.organisation, label="x"
    )
    return str(made["id"])


async def code_of(caller: Caller, verb: str, given: dict[str, Any]) -> str | None:
    """The code of the top-level error, None where the caller got as far as an answer."""
    query = f"mutation ($input: {VERBS[verb][0]}!) {{ {verb}(input: $input) {{ __typename }} }}"
    answer = (await caller.post(query, input=given | {"idempotencyKey": key()})).json()
    if "errors" not in answer:
        return None
    assert answer["errors"][0]["extensions"]["localizedMessage"]["zh"]
    return str(answer["errors"][0]["extensions"]["code"])


async def test_every_verb_and_every_caller(world: World) -> None:
    given = await inputs(world)
    assert given.keys() == VERBS.keys()
    for name in CALLERS:
        for verb, (_, allowed) in VERBS.items():
            head = await world.head()
            found = await code_of(getattr(world, name), verb, given[verb])
            if name == "anyone":
                assert found == "UNAUTHENTICATED", verb
            elif name in allowed:
                assert found is None, (name, verb, found)
                continue
            else:
                assert found == "FORBIDDEN", (name, verb, found)
            assert await world.head() == head, "somebody without the right wrote"


async def test_all_verbs_are_here(world: World) -> None:
    data = await world.anyone.ask("{ __schema { mutationType { fields { name } } } }")
    names = {field["name"] for field in data["__schema"]["mutationType"]["fields"]}
    assert names - {"amendInventoryLine", "removeInventoryLine"} == set(VERBS)


@pytest.mark.parametrize("verb", ["amendInventoryLine", "removeInventoryLine"])
async def test_a_line_is_changed_by_the_pilots_operator_only(world: World, verb: str) -> None:
    inventory = await world.inventory(await world.pilot())
    line = {
        "category": "OTHER", "label": "x", "factor": "measured.co2",
        "activity": {"value": "1", "unit": "tCO2"},
    }  # fmt: skip
    await world.record(inventory, line)
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory {
            emissionSources { nodes { id } } } } }""",
        id=inventory,
    )
    source = data["node"]["emissionSources"]["nodes"][0]["id"]
    kind = f"{verb[0].upper()}{verb[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ __typename }} }}"
    for caller in (world.other_operator, world.administrator, world.verifier, world.registry):
        error = await caller.fail(query, input={"idempotencyKey": key(), "line": source})
        assert error["extensions"]["code"] == "FORBIDDEN"
    await world.operator.made(verb, "inventory { id }", line=source)


@pytest.mark.parametrize("secret", ["", "nonsense", "nzc_nonsense", "键"])
async def test_a_key_that_is_none(world: World, secret: str) -> None:
    headers = {b"Authorization": f"Bearer {secret}".encode()}
    body = {"query": "{ viewer { id } }"}
    answer = (await world.http.post("/graphql", json=body, headers=headers)).json()
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_reading_is_open_even_with_a_bad_key(world: World) -> None:
    caller = Caller(world.http, "nonsense")
    assert (await caller.ask("{ log { position } }"))["log"]["position"]


async def test_a_revoked_key_writes_no_more(world: World) -> None:
    made = await world.administrator.do(
        "issueApiKey", "secret apiKey { id }", organisation=world.verifier.organisation, label="x"
    )
    caller = Caller(world.http, made["secret"])
    assert (await caller.ask("{ viewer { role } }"))["viewer"]["role"] == "VERIFIER"
    revoked = await world.administrator.made(
        "revokeApiKey", "apiKey { revoked }", apiKey=made["apiKey"]["id"]
    )
    assert revoked["revoked"]
    error = await caller.fail("{ viewer { role } }")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_secret_is_shown_once(world: World, database: Any) -> None:
    given = {"organisation": world.verifier.organisation, "label": "x", "idempotencyKey": key()}
    first = await world.administrator.do("issueApiKey", "secret apiKey { id }", **given)
    again = await world.administrator.do("issueApiKey", "secret apiKey { id }", **given)
    assert first["secret"]
    assert again["secret"] is None
    assert again["replayed"]
    assert first["apiKey"] == again["apiKey"]


async def test_the_log_says_who_did_it(world: World) -> None:
    before = await world.head()
    await world.pilot()
    data = await world.anyone.ask(
        "query ($p: BigInt!) { events(after: $p) { kind organisation { id } } }", p=str(before)
    )
    kinds = [event["kind"] for event in data["events"]]
    assert kinds == [
        "PILOT_REGISTERED", "PILOT_PLACED",
        "ACCOUNTING_PERIOD_REGISTERED", "ACCOUNTING_PERIOD_REGISTERED",
    ]  # fmt: skip
    assert {e["organisation"]["id"] for e in data["events"]} == {world.operator.organisation}


async def test_an_administrator_registers_for_an_operator(world: World) -> None:
    made = await world.administrator.made(
        "registerPilot",
        "pilot { operator { id } }",
        code="BY-ADMIN", variant="TOWN", name={"zh": "镇", "en": "Town"},
        applicantKind="COMPETENT_DEPARTMENT", applicantName={"zh": "某", "en": "Some"},
        administrativeDivision="440100", establishment="NEW",
        operator=world.operator.organisation,
    )  # fmt: skip
    assert made["operator"]["id"] == world.operator.organisation


async def test_an_operator_is_a_pilot_operator(world: World) -> None:
    payload = await world.administrator.refused(
        "registerPilot",
        code="BY-ADMIN", variant="TOWN", name={"zh": "镇", "en": "Town"},
        applicantKind="COMPETENT_DEPARTMENT", applicantName={"zh": "某", "en": "Some"},
        administrativeDivision="440100", establishment="NEW",
        operator=world.verifier.organisation,
    )  # fmt: skip
    assert payload["path"] == ["input", "operator"]


async def test_a_registry_names_its_programmes(world: World) -> None:
    text = {"zh": "某", "en": "Some"}
    for role, programmes in (("REGISTRY", []), ("VERIFIER", ["CCER"])):
        payload = await world.administrator.refused(
            "registerOrganisation", name=text, role=role, programmes=programmes
        )
        assert payload["path"] == ["input", "programmes"]
