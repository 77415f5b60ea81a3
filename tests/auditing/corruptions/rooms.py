"""Targets, applications, measures, plans, finance, management, evaluations and webhooks."""

CORRUPTIONS = {
    "a ceiling raised": (
        "UPDATE target_ceiling SET net = 601 WHERE year = 2026",
        "targets are as the log says",
    ),
    "a target that was never recorded": (
        "UPDATE target SET id = 2",
        "targets are as the log says",
    ),
    "a target that rises": (
        "UPDATE target_ceiling SET net = 1001 WHERE year = 2026",
        "targets fall from their baseline to zero",
    ),
    "a target that ends before zero": (
        "DELETE FROM target_ceiling WHERE year = 2030",
        "targets fall from their baseline to zero",
    ),
    "a version of a target that jumps": (
        "UPDATE target SET version = 3, reason = 'ERROR'",
        "targets fall from their baseline to zero",
    ),
    "a judgement turned": (
        "UPDATE criterion_judgement SET verdict = 'NOT_MET'",
        "applications are as the log says",
    ),
    "a claim's document taken out": (
        "DELETE FROM claim_document",
        "applications are as the log says",
    ),
    "an application decided before it was submitted": (
        "DELETE FROM application_step WHERE state = 'SUBMITTED'",
        "applications go on step by step",
    ),
    "another pilot selected": (
        "UPDATE application_step SET pilot_id = (SELECT min(id) FROM pilot WHERE variant = 'TOWN') "
        "WHERE state = 'SELECTED'",
        "applications go on step by step",
    ),
    "a measure made cheaper": (
        "UPDATE measure SET capex = 1",
        "measures are as the log says",
    ),
    "an effect made larger": (
        "UPDATE measure_effect SET co2e = 0",
        "measures are as the log says",
    ),
    "an analysis of other numbers": (
        "UPDATE potential_analysis SET sinks = sinks + 1, remaining = remaining - 1",
        "measures are as the log says",
    ),
    "a loan made larger": (
        "UPDATE financing SET amount = amount + 1",
        "financings are as the log says",
    ),
    "an early end later": (
        "UPDATE financing_end SET on_day = on_day + 1",
        "financings are as the log says",
    ),
    "savings pledged twice": (
        "UPDATE financing_pledge SET share = 100",
        "costs and savings are financed once",
    ),
    "a measure paid for twice": (
        "UPDATE financing_allocation SET amount = 41001",
        "costs and savings are financed once",
    ),
    "events for somebody else": (
        "UPDATE webhook_terms SET url = 'https://thief.example/'",
        "webhook endpoints are as the log says",
    ),
    "an endpoint of another organisation": (
        "UPDATE webhook_endpoint SET organisation_id = 1",
        "webhook endpoints are as the log says",
    ),
    "events told before they happen": (
        "UPDATE webhook_cursor SET position = position + 1000000",
        "webhooks are told what the log has",
    ),
    "events told once more by nobody's order": (
        "UPDATE webhook_cursor SET replayed = endpoint_id",
        "webhooks are told what the log has",
    ),
    "a post of another code": (
        "UPDATE post SET code = 'OTHER-1'",
        "how pilots are managed is as the log says",
    ),
    "a ceiling of a unit raised": (
        "UPDATE duty SET ceiling = ceiling + 1",
        "how pilots are managed is as the log says",
    ),
    "another holder": (
        "UPDATE holder_name SET name = '别人'",
        "names are those that the log is bound to",
    ),
    "a name that is gone": (
        "DELETE FROM holder_name",
        "names are those that the log is bound to",
    ),
    "a score made better": (
        "UPDATE evaluation_score SET points = points + 1",
        "evaluations are as the log says",
    ),
    "an evaluation of other numbers": (
        "UPDATE evaluation_decision SET gross = gross + 1, result = result + 1",
        "evaluations are as the log says",
    ),
    "an expert of another body": (
        "UPDATE panel_expert SET organisation_id = (SELECT min(id) FROM organisation)",
        "evaluations are as the log says",
    ),
    "a finding that was never closed": (
        "DELETE FROM finding_step WHERE state = 'CLOSED'",
        "nothing passed with what is open",
    ),
    "a name that comes back": (
        "INSERT INTO panel_expert_name SELECT panel_id, number, 'somebody' FROM panel_expert "
        "WHERE NOT EXISTS (SELECT FROM panel_expert_name AS n WHERE n.panel_id = panel_expert.panel_id "
        "AND n.number = panel_expert.number)",
        "names that were erased are gone",
    ),
    "a budget made larger": (
        "UPDATE plan SET construction_budget = 81",
        "plans are as the log says",
    ),
    "a milestone put off": (
        "UPDATE plan_milestone SET due_on = due_on + 1",
        "plans are as the log says",
    ),
    "a material left out": ("DELETE FROM plan_material", "plans are as the log says"),
    "a measure left out of a plan": ("DELETE FROM plan_measure", "plans are as the log says"),
    "a pilot built earlier": (
        "UPDATE completion SET built_on = built_on - 1",
        "plans are as the log says",
    ),
    "a plan approved that was not submitted": (
        "DELETE FROM plan_step WHERE state = 'SUBMITTED'",
        "plans go on step by step",
    ),
    "a milestone that was not reached": (
        "DELETE FROM milestone_reached WHERE code = 'ROOF'",
        "what is built was reached before",
    ),
}
