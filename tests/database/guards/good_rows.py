"""A good new row of each table, so that an attack shows only what is wrong about its own."""

from collections.abc import Mapping

from nzc_api.database.metadata import metadata

# The facts of a pilot, as an amendment has them.
ALONE = "(SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = $alone)"

# What the digest of a batch with the good row of each table covers.
POINT_LINE = "0 $register 1706630400 2 0 A 100"
SPAN_LINE = "0 $billed 1706716800 1707580800 A 100 -"
BLOCK_LINES = "0 $hourly 1705708800 1705712400 A 100 -\n1 $hourly 1705712400 1705716000 A 200 -"

BUYER = "(SELECT nzc_organisation_facts(o) FROM organisation AS o WHERE id = $buyer)"

CALLED = "(SELECT nzc_project_facts(p) FROM project AS p WHERE id = $project)"

# A good new row of each table, so that an attack shows only what is wrong about its own.
GOOD_ROWS: Mapping[str, Mapping[str, str]] = {
    "log_entry": {
        "position": "$head + 1", "at": "now()", "kind": "'TEST'",
        "subject_id": "$head + 1", "body": "'{}'", "digest": "sha256('')",
    },
    "outcome": {
        "organisation_id": "$holder", "key": "'a new key'", "fingerprint": "sha256('input')",
        "position": "$p", "refusal": "NULL", "as_of": "$p",
    },
    "organisation": {
        "id": "$p", "name_zh": "'某'", "name_en": "'Some'", "role": "'REGISTRY'",
        "programmes": "'{CCER}'",
    },
    "organisation_amendment": {
        "position": "$p", "organisation_id": "$buyer", "before": BUYER, "after": BUYER,
        "document": "'D'", "reason": "'why'",
    },
    "api_key": {
        "id": "$p", "organisation_id": "$holder", "label": "'new'",
        "secret_hash": "sha256('new')", "revoked_position": "NULL",
    },
    "api_key_expiry": {"api_key_id": "$key", "position": "$p", "expires_at": "now()"},
    "api_key_use": {"api_key_id": "$revoked_key", "last_used_at": "now()"},
    "pilot": {
        "id": "$p", "code": "'NEW-1'", "variant": "'TOWN'", "name_zh": "'某'", "name_en": "'Some'",
        "applicant_kind": "'COMPETENT_DEPARTMENT'", "applicant_name_zh": "'某'",
        "applicant_name_en": "'Some'", "division_code": "'440100'",
        "establishment": "'EXISTING'", "operator_id": "$buyer",
    },
    "pilot_placement": {"position": "$p", "pilot_id": "$alone", "surrounding_id": "$town"},
    "pilot_amendment": {
        "position": "$p", "pilot_id": "$alone", "before": ALONE,
        "after": ALONE,
    },
    "accounting_period": {
        "id": "$p", "pilot_id": "$alone", "starts_on": "'2024-01-01'", "ends_on": "'2024-12-31'",
        "withdrawn_position": "NULL",
    },
    "inventory": {
        "id": "$p", "pilot_id": "$reporter", "period_id": "$reporter_2022",
        "phase": "'OPERATION'", "basis": "'OPERATIONAL'", "gwp_set": "'AR5'",
        "factor_list": "'prov2025-gd-2022'", "factor_list_version": "1",
        "starts_on": "'2022-01-01'", "ends_on": "'2022-12-31'", "not_occurring": "'{}'",
        "series_id": "$p", "version": "1", "submitted_position": "NULL",
        "verified_position": "NULL", "verifier_id": "NULL", "discarded_position": "NULL",
        "electricity_method": "'LOCATION_BASED'",
    },
    "inventory_line": {
        "id": "$p", "inventory_id": "$draft", "role": "'SOURCE'",
        "category": "'ENERGY_CONSUMPTION'", "label": "'x'", "activity_value": "1",
        "activity_unit": "'kWh'", "density_value": "NULL", "density_unit": "NULL",
        "factor": "'{}'", "treatment": "'COUNTED'", "rounding": "'CO2E'", "position": "$p",
    },
    "inventory_warning": {
        "inventory_id": "$draft", "number": "99", "line_id": "$line", "other_line_id": "$repeated",
        "code": "'FACTOR_OWN'", "facts": "'{}'",
    },
    "verification_opinion": {
        "position": "$p", "inventory_id": "$submitted", "level": "'LIMITED'", "findings": "'[]'",
        "acknowledged": "'[]'", "report_hash": "NULL",
    },
    "line_meter": {
        "line_id": "$line", "inventory_id": "$draft", "meter_id": "$register",
        "starts_on": "'2022-01-01'", "ends_on": "'2022-12-31'", "as_of": "1", "quantity": "2",
        "estimated_quantity": "1", "measured": "1", "estimated": "1", "missing": "1",
    },
    "line_certificate": {
        "line_id": "$powered_line", "number": "1", "inventory_id": "$powered", "series_id": "$powered",
        "prefix": "'GEC-NEW'", "lo": "1", "hi": "11", "mwh": "10", "produced_from": "'2022-01-01'",
        "produced_to": "'2022-12-31'", "plant": "'PV-9'",
    },
    "line_gas": {
        "line_id": "$line", "gas": "'SF6'", "tonnes": "0.000001", "gwp": "23500",
        "co2e": "0.0235",
    },
    "target": {
        "id": "$p", "pilot_id": "$aimed", "version": "2", "reason": "'ERROR'", "weakened": "false",
        "routes": "'{SINK}'", "baseline_period_id": "$aimed_2022", "baseline_basis": "'HISTORICAL'",
        "baseline_position": "1", "baseline_year": "2022", "baseline_gross": "1000",
        "baseline_net": "1000",
    },
    "target_ceiling": {
        "target_id": "$p", "year": "2030", "net": "0", "gross": "NULL", "credits": "NULL",
    },
    "application": {
        "id": "$p", "operator_id": "$operator", "variant": "'BUILDING_EXISTING'", "name_zh": "'楼'",
        "name_en": "'House'", "applicant_kind": "'BUILDING_OPERATOR'", "applicant_name_zh": "'某'",
        "applicant_name_en": "'Some'", "division_code": "'440100'", "establishment": "'EXISTING'",
        "operation_starts_on": "'2015-01-01'", "boundary": "'the plot'", "hectares": "1.5",
        "outline": """'[["23", "113"], ["23", "114"], ["24", "114"]]'""",
    },
    "application_step": {
        "position": "$p", "application_id": "$handed_in", "state": "'RETURNED'", "reason": "'more'",
        "pilot_id": "NULL",
    },
    "criterion_claim": {
        "id": "$p", "application_id": "$applying", "criterion": "'BUILDING-2'",
        "statement": "'a public building'",
    },
    "claim_document": {
        "claim_id": "$p", "number": "1", "kind": "'CERTIFICATE'", "name": "'b.pdf'",
        "media_type": "'application/pdf'", "size": "7", "sha256": f"'{'b' * 64}'",
    },
    "criterion_judgement": {
        "id": "$p", "application_id": "$handed_in", "criterion": "'BUILDING-2'", "verdict": "'MET'",
        "reason": "'seen'",
    },
    "webhook_endpoint": {"id": "$p", "organisation_id": "$registry"},
    "webhook_terms": {
        "position": "$p", "endpoint_id": "$hook", "url": "'https://hooks.example/2'", "label": "'y'",
        "wanted": "'{}'", "key_id": "$first_key", "state": "'ENABLED'", "reason": "NULL",
    },
    "webhook_secret": {
        "endpoint_id": "$hook", "position": "$p", "secret": "sha256('b')",
    },
    "webhook_former_secret": {
        "endpoint_id": "$hook", "position": "$p", "secret": "sha256('a')", "good_until": "now()",
    },
    "webhook_cursor": {
        "endpoint_id": "$p", "position": "$head", "previous": "$head", "due_at": "now()", "attempts": "0",
        "failures": "0", "failing_since": "NULL", "replayed": "NULL",
    },
    "webhook_delivery": {
        "endpoint_id": "$hook", "number": "2", "position": "1", "at": "now()", "attempt": "1",
        "outcome": "'ACCEPTED'", "status": "204", "milliseconds": "5",
    },
    "measure": {
        "id": "$p", "pilot_id": "$metered", "name_zh": "'泵'", "name_en": "'Pumps'",
        "technology": "'BUILDING_04'", "catalogue": "'PRODUCT_CERTIFICATION'", "catalogue_item": "'3'",
        "route": "'EFFICIENCY'", "stage": "'OPERATION'", "capex": "1000.5", "opex_change": "-2",
        "life_years": "10", "starts_on": "'2024-01-01'", "expected": "7.5",
    },
    "measure_saving": {
        "measure_id": "$p", "carrier": "'ELECTRICITY'", "quantity": "9", "unit": "'kWh'", "price": "0.7",
    },
    "measure_exclusion": {"measure_id": "$p", "other_id": "$lamps"},
    "measure_progress": {
        "position": "$p", "measure_id": "$lamps", "state": "'STOPPED'", "on_day": "'2024-06-01'",
        "document": "'D-1'",
    },
    "measure_effect": {
        "id": "$p", "measure_id": "$lamps", "verifier_id": "$verifier", "method": "'IPMVP_C'",
        "baseline_starts_on": "'2023-01-01'", "baseline_ends_on": "'2023-12-31'", "baseline_co2e": "100",
        "routine": "-1.5", "non_routine": "0", "starts_on": "'2024-03-01'", "ends_on": "'2024-05-31'",
        "co2e": "20", "r_squared": "0.9", "cv_rmse": "0.1", "document": "'D-2'",
    },
    "potential_analysis": {
        "id": "$p", "pilot_id": "$aimed", "period_id": "$aimed_2022", "basis": "'HISTORICAL'",
        "position": "1", "year": "2030", "growth": "0.03", "growth_source": "'plan'",
        "paragraphs": "'{so}'", "gross": "1000", "business_as_usual": "1266.5", "expected": "66.5",
        "sinks": "100", "remaining": "1100",
    },
    "reconciliation": {
        "id": "$p", "programme": "'CCER'", "position": "1", "list_sha256": "repeat('a', 64)", "list_size": "10",
        "report_sha256": "encode(sha256('outcome'), 'hex')", "report": "'outcome'",
        "outcomes": """'{"MATCHED": [1, 10]}'""",
    },
    "financing": {
        "id": "$p", "pilot_id": "$metered", "product": "'SAVINGS_PLEDGE_LOAN'", "name": "NULL",
        "financier": "'a bank'", "amount": "900.5", "starts_on": "'2024-01-01'", "ends_on": "'2024-12-31'",
    },
    "financing_allocation": {"financing_id": "$p", "measure_id": "$pumps", "amount": "900.5"},
    "financing_pledge": {
        "financing_id": "$p", "number": "1", "measure_id": "$lamps", "share": "40.5", "starts_on": "'2024-06-01'",
        "ends_on": "'2024-12-31'",
    },
    "financing_end": {
        "position": "$p", "financing_id": "$lent", "on_day": "'2024-06-30'", "document": "'D-3'",
    },
    "post": {
        "id": "$p", "pilot_id": "$metered", "code": "'POST-9'", "kind": "'OTHER'", "name_zh": "'岗'",
        "name_en": "'Post'", "responsibilities": "'{so}'",
    },
    "appointment": {
        "id": "$p", "post_id": "$post", "starts_on": "'2024-07-01'",
        "commitment": "sha256(decode(repeat('ab', 32), 'hex') || convert_to('某人', 'UTF8'))", "document": "'D-4'",
    },
    "holder_name": {
        "appointment_id": "$p", "name": "'某人'", "salt": "decode(repeat('ab', 32), 'hex')",
    },
    "name_erasure": {"position": "$p", "appointment_id": "$held"},
    "duty": {
        "id": "$p", "pilot_id": "$metered", "unit": "'U-9'", "unit_name_zh": "'车间'", "unit_name_en": "'Shop'",
        "year": "2024", "ceiling": "7.5", "document": "'D-5'",
    },
    "management_rule": {
        "id": "$p", "pilot_id": "$metered", "title": "'rules'", "document": "'D-6'", "starts_on": "'2024-01-01'",
        "ends_on": "NULL",
    },
    "rule_repeal": {
        "position": "$p", "rule_id": "$ruled", "on_day": "'2024-06-30'", "document": "'D-7'",
    },
    "upkeep": {
        "id": "$p", "pilot_id": "$metered", "system": "'GAS'", "on_day": "'2024-06-30'", "done": "'seen'",
        "document": "'D-8'",
    },
    "plan": {
        "id": "$p", "pilot_id": "$planning", "version": "3", "reason": "'more'", "starts_on": "'2023-01-01'",
        "ends_on": "'2023-12-31'", "construction_budget": "80.5",
    },
    "plan_package": {
        "plan_id": "$p", "number": "1", "name_zh": "'屋面'", "name_en": "'Roof'", "stage": "'CONSTRUCTION'",
    },
    "plan_measure": {"plan_id": "$p", "package": "1", "measure_id": "$fitted"},
    "plan_milestone": {
        "plan_id": "$p", "code": "'SITE'", "name_zh": "'进场'", "name_en": "'Site opened'",
        "due_on": "'2023-03-31'", "building": "false",
    },
    "plan_material": {
        "plan_id": "$p", "number": "1", "name_zh": "'砼'", "name_en": "'Concrete'", "quantity": "120",
        "unit": "'m3'", "factor": "295", "mass": "288", "distance": "40", "haul_factor": "0.057",
        "source": "'GB/T 51366'",
    },
    "plan_step": {"position": "$p", "plan_id": "$handed_plan", "state": "'APPROVED'", "reason": "NULL"},
    "milestone_reached": {
        "position": "$p", "pilot_id": "$planning", "plan_id": "$plan_in_force", "code": "'SITE'",
        "on_day": "'2023-03-01'", "document": "'D-3'",
    },
    "completion": {
        "position": "$p", "pilot_id": "$planning", "plan_id": "$plan_in_force", "built_on": "'2023-09-11'",
        "stable_from": "'2023-10-02'", "document": "'D-4'",
    },
    "evaluation": {
        "id": "$p", "pilot_id": "$assessed", "scheme": "'GD_TRIAL'", "stable_months": "3", "retries": "NULL",
        "pilots": "ARRAY[$assessed::bigint]", "categories": "NULL", "starts_on": "'2022-01-01'",
        "ends_on": "'2022-12-31'", "opened_on": "'2023-11-30'",
    },
    "self_evaluation": {"id": "$p", "evaluation_id": "$begun", "statement": "'so'", "document": "'D-1'"},
    "panel": {"id": "$p", "evaluation_id": "$judging"},
    "panel_expert": {"panel_id": "$p", "number": "1", "employer": "'a university'", "organisation_id": "NULL"},
    "panel_expert_name": {"panel_id": "$p", "number": "1", "name": "'somebody'"},
    "site_visit": {
        "id": "$p", "evaluation_id": "$judging", "on_day": "'2024-09-01'", "notes": "'seen'", "document": "'D-1'",
    },
    "evaluation_score": {
        "id": "$p", "evaluation_id": "$judging", "panel_id": "$jury", "expert": "1", "item": "'TOTAL'",
        "points": "80", "met": "NULL", "reason": "'good'",
    },
    "finding": {
        "id": "$p", "evaluation_id": "$judging", "severity": "'MINOR'", "text": "'no meter'",
        "due": "'2099-01-01'",
    },
    "finding_step": {
        "position": "$p", "finding_id": "$told", "state": "'CLOSED'", "text": "'settled'", "document": "NULL",
    },
    "evaluation_decision": {
        "id": "$p", "evaluation_id": "$judging", "verdict": "'FAILED'", "reason": "'so'", "as_of": "$head",
        "score": "59.98", "gross": "1000", "sinks": "10.5", "purchased": "200", "result": "789.5",
    },
    "follow_up": {"id": "$p", "evaluation_id": "$judging", "finding_id": "$told", "measure_id": "$remedy"},
    "document": {
        "id": "$p", "pilot_id": "$aimed", "subject_kind": "'Pilot'", "subject_id": "$aimed",
        "kind": "'BILL'", "name": "'b.pdf'", "media_type": "'application/pdf'", "size": "7",
        "sha256": f"'{'b' * 64}'",
    },
    "upload": {
        "organisation_id": "$operator", "sha256": f"'{'b' * 64}'", "size": "7", "received_at": "now()",
    },
    "attachment": {
        "subject_id": "$aimed", "document_id": "$p", "sha256": f"'{'b' * 64}'",
    },
    "project": {
        "id": "$p", "code": "'NEW-1'", "name_zh": "'某'", "name_en": "'Some'",
        "forestry": "false", "site": "'Here'", "division_code": "'440300'", "latitude": "23.1",
        "longitude": "113.3", "site_code": "'SITE-9'", "pilot_id": "$building",
    },
    "site": {
        "position": "$p", "subject_id": "$project", "address": "'Here'", "division_code": "'440300'",
        "latitude": "23.1", "longitude": "113.3", "code": "'SITE-9'", "key": "'440300:HERE'",
        "district": "NULL",
    },
    "same_site": {"subject_id": "$lot", "other_id": "$twin", "by": "'ADDRESS'", "position": "$p"},
    "same_site_resolution": {
        "position": "$p", "subject_id": "$villa", "other_id": "$plot", "finding": "'DISTINCT'",
    },
    "project_amendment": {
        "position": "$p", "project_id": "$project", "before": CALLED, "after": CALLED,
    },
    "project_placement": {"position": "$p", "project_id": "$project", "pilot_id": "$building"},
    "enrolment": {
        "id": "$p", "project_id": "$project", "programme": "'PHCER'", "rule": "'PHCER_2022'",
        "number": "'NEW-1'", "registered_on": "'2023-11-01'",
        "methodology": "'CCER-01-002-V01'", "sink": "false",
    },
    "enrolment_methodology": {
        "enrolment_id": "$unsaid", "position": "$p", "methodology": "'CCER-01-002-V01'", "sink": "false",
    },
    "crediting_period": {
        "enrolment_id": "$unsaid", "position": "$p", "starts_on": "'2020-01-01'", "ends_on": "'2040-12-31'",
    },
    "credit_batch": {
        "id": "$p", "project_id": "$project", "programme": "'CCER'", "forestry": "false",
        "vintage": "2022", "produced_from": "'2022-01-01'", "produced_to": "'2022-12-31'",
        "reductions_registered_on": "'2024-01-15'", "registry": "'CCER'", "prefix": "'GD-A'",
        "lo": "1001", "hi": "1101", "quantity": "100", "by_certificate": "false",
        "issuance": "'DJ-1'", "issuance_quantity": "100000",
        "production_basis": "'MONITORING_PERIOD'", "production_document": "NULL",
        "withdrawn_position": "NULL",
    },
    "account": {
        "id": "$account", "kind": "'RETIREMENT'", "programme": "NULL", "organisation_id": "NULL",
        "pilot_id": "$alone", "period_id": "$alone_2023", "purpose": "NULL",
    },
    "batch_fact": {"position": "$p", "batch_id": "$S", "kind": "'FREEZE'"},
    "double_issuance": {"batch_id": "$p", "other_id": "$D", "position": "$p"},
    "double_issuance_resolution": {
        "position": "$p", "batch_id": "$E", "other_id": "$D", "finding": "'DISTINCT'",
    },
    "retirement_request": {"id": "$p", "expires_at": "now() + interval '1 day'"},
    "request_end": {"request_id": "$requested", "position": "$p", "outcome": "'CANCELLED'"},
    "request_part": {"request_id": "$requested", "position": "$p"},
    "correction": {"posting_id": "$retired_at", "position": "$p"},
    "grounds": {"position": "$p", "document": "'No. 1'", "reason": "'so ordered'"},
    "proposal": {
        "id": "$p", "programme": "'CCER'", "quantity": "30", "expires_at": "now() + interval '1 day'",
        "posting_id": "NULL", "batch_id": "$S", "lo": "71", "hi": "101",
    },
    "proposal_end": {"proposal_id": "$proposed", "position": "$p", "outcome": "'APPROVED'"},
    "pilot_overlap": {"position": "$p", "pilot_id": "$park", "other_id": "$alone"},
    "meter": {
        "id": "$p", "pilot_id": "$metered", "code": "'NEW-1'", "carrier": "'ELECTRICITY'",
        "flow": "'BOUGHT'", "kind": "'BILL'", "unit": "'kWh'", "supply_point": "'NEW-1'",
        "celsius": "NULL", "kilopascals": "NULL", "starts_on": "'2023-01-01'", "ends_on": "NULL",
        "ended_position": "NULL",
    },
    "meter_device": {
        "meter_id": "$register", "number": "3", "position": "$p",
        "since": "'2024-02-01 00:00+08'", "maximum_per_hour": "100", "multiplier": "1", "digits": "5",
    },
    "meter_placement": {"position": "$p", "meter_id": "$billed", "parent_id": "$register"},
    "meter_gateway": {"position": "$p", "meter_id": "$register", "gateway_id": "$gateway"},
    "reading_batch": {
        "id": "$p", "size": "1", "digest": f"sha256('{POINT_LINE}')", "refused": "'{}'",
        "document": "NULL", "reason": "NULL",
    },
    "register_reading": {
        "meter_id": "$register", "at": "'2024-01-31 00:00+08'", "position": "$p", "number": "0",
        "device": "2", "turns": "0", "estimated": "false", "value": "100",
    },
    "consumption": {
        "meter_id": "$billed", "starts_at": "'2024-02-01 00:00+08'",
        "ends_at": "'2024-02-11 00:00+08'", "position": "$p", "number": "0", "estimated": "false",
        "quantity": "100", "cost": "NULL",
    },
    "interval_block": {
        "meter_id": "$hourly", "starts_on": "'2024-01-20'", "starts_at": "'2024-01-20 08:00+08'",
        "ends_at": "'2024-01-20 10:00+08'", "position": "$p", "seconds": "3600", "number": "0", "stride": "1",
        "estimated": "false", "quantities": "'{100,200}'",
    },
    "denominator": {
        "id": "$p", "pilot_id": "$metered", "kind": "'RESIDENTS'", "product": "NULL",
        "starts_on": "'2024-01-01'", "ends_on": "'2024-12-31'", "value": "100", "source": "'census'",
    },
    "energy_baseline": {
        "id": "$p", "pilot_id": "$metered", "carrier": "'ELECTRICITY'", "unit": "'kWh'", "step": "'MONTH'",
        "starts_on": "'2022-01-01'", "ends_on": "'2022-06-30'", "position": "$head", "points": "6",
        "intercept": "1000", "r_squared": "1", "cv_rmse": "0",
    },
    "energy_baseline_variable": {
        "baseline_id": "$p", "number": "0", "kind": "'COOLING_DEGREE_DAYS'", "product": "NULL", "slope": "2",
        "least": "0", "most": "250",
    },
    "monitoring_alert": {
        "id": "$p", "pilot_id": "$metered", "meter_id": "$register", "kind": "'SPIKE'",
        "since": "'2024-02-01 00:00+08'", "facts": "'{}'",
    },
    "monitoring_alert_end": {"alert_id": "$p", "position": "$p2"},
    "meter_rollup": {
        "meter_id": "$register", "step": "'MONTH'", "starts_on": "'2024-01-01'", "position": "$p",
        "millionths": "0", "estimated_millionths": "0", "known": "0", "estimated": "0",
        "cost_millionths": "0", "costed": "0",
    },
}  # fmt: skip


def new(table: str, **changes: str) -> str:
    """An INSERT of the table's good row, with these values changed."""
    unknown = changes.keys() - metadata.tables[table].columns.keys()
    assert not unknown, unknown
    row = {**GOOD_ROWS[table], **changes}
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(row.values())})"
