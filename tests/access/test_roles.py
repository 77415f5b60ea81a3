"""Who may do what: every write needs a key of the right role; reading is open."""

from typing import Any

import pytest

from tests.access.every_verb import inputs
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
