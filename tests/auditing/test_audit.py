"""The audit: it passes what the ledger wrote, and names what was changed behind its back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.china_time import CHINA_TIME
from nzc_api.database.engine import API_ROLE, Database, DatabaseUnavailable
from nzc_api.demo import load_demo
from nzc_api.ledger.auditing import audit as auditing
from nzc_api.ledger.auditing import audit_store
from nzc_api.ledger.auditing.audit import (
    CHECKS,
    MOST_ROWS,
    Check,
    Progress,
    Walk,
    audit,
    audit_latest,
)
from nzc_api.ledger.auditing.audit_store import SETTINGS, Snapshot
from nzc_api.ledger.tables import credit_batch
from nzc_api.services import Nzc
from tests.auditing import changing
from tests.auditing.acts import Acts, everything
from tests.auditing.history import write_history
from tests.auditing.reconciling import handed_in
from tests.conftest import Server, TestDatabase, client_of, named_database, unguarded
from tests.evaluation import evaluating
from tests.evidence.test_documents import document
from tests.finance.financing import allocation, ended, financed, pledge
from tests.inventories.test_certificates import BY_MARKET, certificates, green
from tests.management import managing
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.monitoring.explaining import explained_pilot, explaining
from tests.plans.drafting import CONCRETE, approved, completed, package
from tests.proposing import another_key, approve, propose, serials_of
from tests.selection.applying import claimed, decision, judged, opened, submitted
from tests.served import ROOT
from tests.targets.stating import with_target
from tests.webhooks.registering import every_way
from tests.world import World, part_of

GUARDED = "guards are there, in force and as they were made"


def issued_again(**given: str) -> str:
    """A batch written once more, but for what is given."""
    columns = [column.name for column in credit_batch.columns if column.computed is None]
    values = {name: name for name in columns} | {"id": "id + 1000000"} | given
    return (
        f"INSERT INTO credit_batch ({', '.join(columns)}) "
        f"SELECT {', '.join(values.values())} FROM credit_batch WHERE id = {{batch}}"
    )


# What is done to a ledger behind its back; the check that must find it, of those that do.
CORRUPTIONS = {
    "a guard put down": ("ALTER TABLE lot_spent DISABLE TRIGGER lot_spent_posted", GUARDED),
    "a head behind": (
        "UPDATE log_head SET position = position - 1",
        "the head follows the log",
    ),
    "a head before its time": (
        "UPDATE log_head SET at = at - interval '1 hour'",
        "the head follows the log",
    ),
    "a head of another history": (
        "UPDATE log_head SET digest = sha256(digest)",
        "the head follows the log",
    ),
    "an entry of another history": (
        "UPDATE log_entry SET digest = sha256(digest) WHERE position = {retired}",
        "each entry's digest follows",
    ),
    "who did it": (
        "UPDATE log_entry SET organisation_id = 1 WHERE position = {retired}",
        "each entry's digest follows",
    ),
    "a word of an entry": (
        'UPDATE log_entry SET body = body || \'{{"reference": "another"}}\' WHERE position = {retired}',
        "each entry's digest follows",
    ),
    "the first entry": (
        "UPDATE log_entry SET body = body || '{{\"a\": 1}}' WHERE position = 1",
        "each entry's digest follows",
    ),
    "an entry taken out": (
        "DELETE FROM log_entry WHERE kind = 'PROJECT_ENROLLED'",
        "positions are dense",
    ),
    "a time put back": (
        "UPDATE log_entry SET at = at - interval '1 hour' WHERE position = {retired}",
        "times never run backwards",
    ),
    "a movement of the future": (
        "INSERT INTO movement SELECT position + 1000, line, debit_id, credit_id, batch_id, lo, hi "
        "FROM movement WHERE position = {retired}",
        "nothing lies outside the log",
    ),
    "a lot before the log": (
        "UPDATE lot SET position = -1 WHERE position = {retired} AND piece = 0",
        "nothing lies outside the log",
    ),
    "a balance of the future": (
        "INSERT INTO balance SELECT account_id, batch_id, 1000000, tonnes FROM balance "
        "WHERE position = {retired} LIMIT 1",
        "nothing lies outside the log",
    ),
    "an entry of a movement taken out": (
        "DELETE FROM log_entry WHERE position = {retired}",
        "everything lies at a logged position",
    ),
    "a batch's fact taken out": (
        "DELETE FROM batch_fact WHERE kind = 'FREEZE'",
        "the log says what the rows say",
    ),
    "a batch's fact changed": (
        "UPDATE batch_fact SET kind = 'EXPORT' WHERE kind = 'FREEZE'",
        "the log says what the rows say",
    ),
    "a correction taken out": (
        "DELETE FROM correction",
        "the log says what the rows say",
    ),
    "an amendment taken out": (
        "DELETE FROM pilot_amendment WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "the log says what the rows say",
    ),
    "a pilot's name changed": (
        "UPDATE pilot SET name_en = 'Other' WHERE id IN (SELECT pilot_id FROM pilot_amendment)",
        "pilots are as they were amended last",
    ),
    "a pilot opened again": (
        "UPDATE pilot SET closed_on = NULL WHERE closed_on IS NOT NULL",
        "pilots are as they were amended last",
    ),
    "an amendment's facts before it": (
        'UPDATE pilot_amendment SET before = before || \'{{"name_en": "Other"}}\' '
        "WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "pilots are as they were amended last",
    ),
    "an amendment of no pilot": (
        "UPDATE pilot_amendment SET pilot_id = 1000000",
        "pilots are as they were amended last",
    ),
    "a withdrawn period put back": (
        "UPDATE accounting_period SET withdrawn_position = NULL",
        "the log says what the rows say",
    ),
    "a period withdrawn at a position of something else": (
        "UPDATE accounting_period SET withdrawn_position = id + 1 WHERE withdrawn_position IS NOT NULL",
        "the log says what the rows say",
    ),
    **{
        f"a period withdrawn that has {what}": (
            f"UPDATE accounting_period SET withdrawn_position = {{retired}} WHERE id = (SELECT min({column})",
            "periods do not overlap, and nothing rests on withdrawn ones",
        )
        for what, column in {
            "an inventory": "period_id) FROM inventory",
            "a target": "baseline_period_id) FROM target",
            "credits": "period_id) FROM account WHERE kind = 'RETIREMENT'",
        }.items()
    },
    "periods that overlap": (
        "UPDATE accounting_period SET starts_on = starts_on - 1 WHERE starts_on = '2023-01-01'",
        "periods do not overlap, and nothing rests on withdrawn ones",
    ),
    "a methodology that was stated, taken out": (
        "DELETE FROM enrolment_methodology",
        "the log says what the rows say",
    ),
    "a crediting period made shorter": (
        "UPDATE crediting_period SET ends_on = ends_on - 1",
        "monitoring periods lie in crediting periods",
    ),
    "a crediting period taken out": (
        "DELETE FROM crediting_period",
        "monitoring periods lie in crediting periods",
    ),
    "a batch of days before its crediting period": (
        "UPDATE credit_batch SET produced_from = '2001-01-01' WHERE project_id IN "
        "(SELECT project_id FROM enrolment JOIN crediting_period ON enrolment_id = id)",
        "monitoring periods lie in crediting periods",
    ),
    "a methodology that was stated, said to be of a sink": (
        "UPDATE enrolment_methodology SET sink = true",
        "forestry follows from the methodology",
    ),
    "a project's amendment taken out": (
        "DELETE FROM project_amendment",
        "the log says what the rows say",
    ),
    "a project's name changed": (
        "UPDATE project SET name_en = 'Other' WHERE id IN (SELECT project_id FROM project_amendment)",
        "projects are called as they were amended last",
    ),
    "an organisation's amendment taken out": (
        "DELETE FROM organisation_amendment",
        "the log says what the rows say",
    ),
    "an organisation's name changed": (
        "UPDATE organisation SET name_en = 'Other' "
        "WHERE id IN (SELECT organisation_id FROM organisation_amendment)",
        "organisations are as they were amended last",
    ),
    "an amendment of the future": (
        "UPDATE pilot_amendment SET position = 1000000 "
        "WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "nothing lies outside the log",
    ),
    "an inventory's beginning taken out": (
        "DELETE FROM log_entry WHERE kind = 'INVENTORY_CREATED'",
        "inventories are where the log says",
    ),
    "a submission moved in time": (
        "UPDATE inventory SET submitted_position = submitted_position - 1 "
        "WHERE submitted_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a verification taken back": (
        "UPDATE inventory SET verified_position = NULL, verifier_id = NULL "
        "WHERE verified_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a discarded draft taken up again": (
        "UPDATE inventory SET discarded_position = NULL WHERE discarded_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a draft's potentials": (
        "UPDATE inventory SET gwp_set = 'AR6' WHERE gwp_set = 'SAR'",
        "inventories are as they were amended last",
    ),
    "a draft's days": (
        "UPDATE inventory SET ends_on = ends_on - 1 WHERE gwp_set = 'SAR'",
        "inventories are as they were amended last",
    ),
    "what a draft was before it was amended again": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{before, gwp_set}}', '\"AR4\"') "
        "WHERE position = (SELECT max(position) FROM log_entry WHERE kind = 'INVENTORY_AMENDED')",
        "inventories are as they were amended last",
    ),
    "a line taken out": (
        "DELETE FROM inventory_line WHERE id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a line that was taken out, put back": (
        "INSERT INTO inventory_line SELECT (e.body ->> 'line')::bigint, l.inventory_id, l.role, "
        "l.category, l.label, l.activity_value, l.activity_unit, l.density_value, l.density_unit, "
        "l.factor, l.treatment, l.rounding, l.position FROM log_entry AS e, inventory_line AS l "
        "WHERE e.kind = 'INVENTORY_LINE_REMOVED' AND l.id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a line amended without a word": (
        "UPDATE inventory_line SET position = position - 1 WHERE position > id",
        "lines are as the log says",
    ),
    "a line of another inventory": (
        "UPDATE inventory_line SET inventory_id = (SELECT min(id) FROM inventory)"
        "WHERE id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a source that becomes a sink": (
        "UPDATE inventory_line SET role = 'SINK'",
        "lines are as the log says",
    ),
    "a line of the future": (
        "UPDATE inventory_line SET position = 1000000",
        "nothing lies outside the log",
    ),
    "an opinion of another inventory": (
        "UPDATE verification_opinion SET inventory_id = (SELECT max(id) FROM inventory)",
        "opinions and warnings are of their inventories",
    ),
    "an opinion of another time": (
        "UPDATE verification_opinion SET position = position - 1",
        "opinions and warnings are of their inventories",
    ),
    "a warning of another inventory's line": (
        "UPDATE inventory_warning SET line_id = (SELECT min(id) FROM inventory_line) "
        "WHERE number = (SELECT min(number) FROM inventory_warning WHERE other_line_id IS NOT NULL)",
        "opinions and warnings are of their inventories",
    ),
    "a warning that names another inventory's line": (
        "UPDATE inventory_warning SET other_line_id = (SELECT min(id) FROM inventory_line) "
        "WHERE other_line_id IS NOT NULL",
        "opinions and warnings are of their inventories",
    ),
    "an outcome of nothing": (
        "UPDATE outcome SET position = 1000000 WHERE position = {retired}",
        "outcomes point to their entries of the log",
    ),
    "an outcome of somebody else's": (
        "UPDATE outcome SET position = (SELECT min(position) FROM outcome WHERE organisation_id = 0) "
        "WHERE position = {retired}",
        "outcomes point to their entries of the log",
    ),
    "an entry's quantity": (
        "UPDATE log_entry SET body = body || '{{\"quantity\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's serials": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{serials,0,first}}', '0') WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry that names serials that did not move": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{serials,1}}', body #> '{{serials,0}}') "
        "WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's pilot": (
        "UPDATE log_entry SET body = body || '{{\"pilot\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry that names no pilot": (
        "UPDATE log_entry SET body = body - 'pilot' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's holder": (
        "UPDATE log_entry SET body = body || '{{\"holder\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "a retirement's pilot": (
        "UPDATE account SET (pilot_id, period_id) = (SELECT pilot_id, id FROM accounting_period "
        "WHERE pilot_id <> account.pilot_id LIMIT 1) WHERE kind = 'RETIREMENT'",
        "an entry moves what it says",
    ),
    "an entry's kind": (
        "UPDATE log_entry SET kind = 'CREDITS_USED' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "a line's activity": (
        "UPDATE inventory_line SET activity_value = activity_value + 1 WHERE inventory_id IN "
        "(SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
        "rows are as they were written with their entries",
    ),
    "a line's emissions": (
        "UPDATE line_gas SET co2e = co2e + 1",
        "rows are as they were written with their entries",
    ),
    "a pilot's name that was never amended": (
        "UPDATE pilot SET name_en = 'Other' WHERE id NOT IN (SELECT pilot_id FROM pilot_amendment)",
        "rows are as they were written with their entries",
    ),
    "a pilot written by nobody": (
        "INSERT INTO pilot SELECT {retired}, 'OTHER', variant, name_zh, name_en, applicant_kind, applicant_name_zh, "
        "applicant_name_en, division_code, establishment, operation_starts_on, operator_id FROM pilot LIMIT 1",
        "rows are as they were written with their entries",
    ),
    "an opinion taken out": (
        "DELETE FROM verification_opinion",
        "rows are as they were written with their entries",
    ),
    "another secret of a key": (
        "UPDATE api_key SET secret_hash = sha256(secret_hash)",
        "rows are as they were written with their entries",
    ),
    "an accounting period's days": (
        "UPDATE accounting_period SET ends_on = ends_on - 1",
        "rows are as their entries say",
    ),
    "a registration in another programme": (
        "UPDATE enrolment SET number = 'N-999' WHERE id = (SELECT min(id) FROM enrolment)",
        "rows are as their entries say",
    ),
    "reductions registered on another day": (
        "UPDATE credit_batch SET reductions_registered_on = reductions_registered_on - 1",
        "rows are as their entries say",
    ),
    "serials under another prefix": (
        "UPDATE credit_batch SET prefix = prefix || '9'",
        "rows are as their entries say",
    ),
    "grounds in other words": (
        "UPDATE grounds SET reason = 'otherwise'",
        "rows are as their entries say",
    ),
    "grounds taken out": ("DELETE FROM grounds", "rows are as their entries say"),
    "a request for longer": (
        "UPDATE retirement_request SET expires_at = expires_at + interval '1 day'",
        "rows are as their entries say",
    ),
    "a key revoked by nobody": (
        "UPDATE api_key SET revoked_position = {retired}",
        "rows are as their entries say",
    ),
    "another verifier": (
        "UPDATE inventory SET verifier_id = 1 WHERE verifier_id IS NOT NULL",
        "rows are as their entries say",
    ),
    "a movement's batch": (
        "UPDATE movement SET batch_id = 1 WHERE position = {retired}",
        "movements join accounts of their batch",
    ),
    "a movement from an account to itself": (
        "UPDATE movement SET debit_id = credit_id WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "a movement out of its batch": (
        "UPDATE movement SET hi = 2000 WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "an account of another programme": (
        "UPDATE account SET programme = 'PHCER' WHERE kind = 'FROZEN'",
        "movements join accounts of their batch",
    ),
    "a movement out of issuance": (
        "UPDATE movement SET debit_id = (SELECT id FROM account WHERE kind = 'ISSUANCE') "
        "WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "a batch made larger": (
        "UPDATE credit_batch SET hi = hi + 10, quantity = quantity + 10 WHERE id = {batch}",
        "a batch is issued whole",
    ),
    "a block copied under another registry's name": (
        issued_again(registry="'CCER-2'"),
        "a batch is of its programme's registry",
    ),
    "a block issued again": (issued_again(), "a serial is issued once"),
    "a block issued again, in another case": (
        issued_again(prefix="lower(prefix)", lo="hi - 1", hi="hi + 9"),
        "a serial is issued once",
    ),
    "a block issued again, with its prefix written otherwise": (
        issued_again(prefix="replace(prefix, '-', '_')", lo="hi - 1", hi="hi + 9"),
        "a serial is issued once",
    ),
    "a match of sites that is gone": (
        "DELETE FROM same_site",
        "what is at one site is recorded",
    ),
    "parts of an issuance that come to more": (
        "UPDATE credit_batch SET issuance_quantity = 19 WHERE issuance IS NOT NULL",
        "an issuance has its parts",
    ),
    "parts of an issuance of two days": (
        "UPDATE credit_batch SET reductions_registered_on = '2024-01-16' "
        "WHERE id = (SELECT max(id) FROM credit_batch WHERE issuance IS NOT NULL)",
        "an issuance has its parts",
    ),
    "a suspicion that is gone": (
        "DELETE FROM double_issuance WHERE position = batch_id",
        "what seems to be issued twice is suspected",
    ),
    "a suspicion that an amended site raised, which is gone": (
        "DELETE FROM double_issuance WHERE position > batch_id",
        "what seems to be issued twice is suspected",
    ),
    "a suspicion that came up by itself": (
        "UPDATE double_issuance SET position = {retired} WHERE position = batch_id",
        "the log says what the rows say",
    ),
    "parts that are none any more": (
        "UPDATE credit_batch SET issuance = NULL, issuance_quantity = NULL",
        "what seems to be issued twice is suspected",
    ),
    "a project's place that is gone": (
        "DELETE FROM project_placement",
        "the log says what the rows say",
    ),
    "a finding that is gone": (
        "DELETE FROM same_site_resolution",
        "the log says what the rows say",
    ),
    "a site that nobody stated": (
        "INSERT INTO site (position, subject_id) SELECT {retired}, max(id) FROM pilot",
        "the log says what the rows say",
    ),
    "a methodology of a sink that is no forestry": (
        "UPDATE enrolment SET sink = NOT sink WHERE id = (SELECT min(id) FROM enrolment)",
        "forestry follows from the methodology",
    ),
    "a batch of forestry, and a project of none": (
        "UPDATE credit_batch SET forestry = NOT forestry WHERE id = {batch}",
        "forestry follows from the methodology",
    ),
    "forestry of a vintage": (
        "UPDATE credit_batch SET production_basis = 'VINTAGE' WHERE forestry",
        "forestry follows from the methodology",
    ),
    "a sink given back for other days": (
        "UPDATE accounting_period SET starts_on = '2030-01-01', ends_on = '2030-12-31' "
        "WHERE id = (SELECT period_id FROM account WHERE purpose = 'OWN_SINK')",
        "sinks go back to their own pilots",
    ),
    "a sink that lies elsewhere": (
        "UPDATE project SET pilot_id = (SELECT min(id) FROM pilot) WHERE forestry",
        "sinks go back to their own pilots",
    ),
    "one number for two orders": (
        "UPDATE log_entry SET body = body || jsonb_build_object('reference', CASE kind "
        "WHEN 'CREDITS_USED' THEN 'zx_1' ELSE 'ZX-1' END) WHERE position IN ({retired}, {used})",
        "a registry's number names one order",
    ),
    "a block issued again, inside": (
        issued_again(lo="lo + 1", hi="hi - 1"),
        "a serial is issued once",
    ),
    "a piece made longer": (
        "UPDATE lot SET hi = hi + 1 WHERE position = {used} AND piece = 0",
        "pieces tile what was spent",
    ),
    "a piece taken out": (
        "DELETE FROM lot WHERE position = {used} AND piece = 1",
        "pieces tile what was spent",
    ),
    "a piece that overlaps the one before and leaves a gap": (
        "UPDATE lot SET lo = lo - 1, hi = hi - 1 WHERE position = {used} AND since = {used}",
        "pieces tile what was spent",
    ),
    "a first piece that begins before what was spent": (
        "UPDATE lot SET lo = lo - 1, hi = hi - 1 WHERE position = {used} AND piece = 0",
        "pieces tile what was spent",
    ),
    "a last piece that ends after what was spent": (
        "UPDATE lot SET lo = lo + 1, hi = hi + 1 WHERE (position, piece) = "
        "(SELECT position, max(piece) FROM lot WHERE position = {used} GROUP BY position)",
        "pieces tile what was spent",
    ),
    "a spent lot that is not": (
        "UPDATE lot_spent SET lot_piece = 99 WHERE position = {used}",
        "pieces tile what was spent",
    ),
    "a lot that is not spent beside another": (
        "INSERT INTO lot_spent VALUES (1, 99, {used})",
        "pieces tile what was spent",
    ),
    "a spending taken out": (
        "DELETE FROM lot_spent WHERE position = {used}",
        "current lots tile their batch",
    ),
    "a retired lot given to a holder": (
        "UPDATE lot SET account_id = (SELECT min(id) FROM account WHERE kind = 'HOLDING') "
        "WHERE position = {used} AND since = {used}",
        "lots are where movements brought them",
    ),
    "a lot's since": (
        "UPDATE lot SET since = since - 1 WHERE position = {used} AND since = {used}",
        "remainders stay where they were",
    ),
    "a movement's serials": (
        "UPDATE movement SET lo = lo - 5, hi = hi - 5 WHERE position = {used}",
        "lots are where movements brought them",
    ),
    "a movement's debit": (
        "UPDATE movement SET debit_id = (SELECT id FROM account WHERE kind = 'FROZEN') "
        "WHERE position = {used}",
        "movements take from where the serials were",
    ),
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
    "a reconciliation as of another position": (
        "UPDATE reconciliation SET position = position - 1",
        "reconciliations are as the log says",
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
    "a document's hash changed": (
        "UPDATE document SET sha256 = repeat('c', 64)",
        "documents are as the log says",
    ),
    "a document taken off": (
        "DELETE FROM attachment WHERE subject_id = (SELECT subject_id FROM document LIMIT 1)",
        "documents are as the log says",
    ),
    "a document of another pilot": (
        "UPDATE document SET pilot_id = (SELECT min(id) FROM pilot)",
        "documents are as the log says",
    ),
    "certified power that is credited": (
        "UPDATE line_certificate SET plant = 'PV-8'",
        "green power is claimed once",
    ),
    "certificates of other days": (
        "UPDATE line_certificate SET produced_to = '2023-01-01'",
        "green power is claimed once",
    ),
    "certificates of another series": (
        "UPDATE line_certificate SET series_id = 1",
        "green power is claimed once",
    ),
    "a document that comes along from nowhere": (
        "INSERT INTO attachment SELECT (SELECT max(id) FROM inventory_line), id, sha256 FROM document",
        "documents of lines come from earlier versions",
    ),
    "a movement of serials before what was spent": (
        "UPDATE movement SET lo = (SELECT lo FROM credit_batch WHERE id = batch_id) "
        "WHERE position = {used}",
        "movements take from where the serials were",
    ),
    "a movement of serials after what was spent": (
        "UPDATE movement SET hi = (SELECT hi FROM credit_batch WHERE id = batch_id) "
        "WHERE position = {retired} AND line = 0",
        "movements take from where the serials were",
    ),
    "a movement of another batch's serials": (
        "UPDATE movement SET batch_id = 1 WHERE position = {used}",
        "movements take from where the serials were",
    ),
    "a remainder given to another": (
        "UPDATE lot SET account_id = account_id + 1 WHERE position = {used} AND since <> {used}",
        "remainders stay where they were",
    ),
    "a remainder's since": (
        "UPDATE lot SET since = {batch} WHERE position = {used} AND since <> {used}",
        "remainders stay where they were",
    ),
    "a current lot twice": (
        "INSERT INTO lot SELECT position, piece + 50, account_id, batch_id, lo, hi, since FROM lot "
        "WHERE position = {used}",
        "current lots tile their batch",
    ),
    "retired twice": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, lo + 10, hi "
        "FROM movement WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "one serial of a retired range retired again": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, lo + 3, lo + 4 "
        "FROM movement WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "a retired range retired again with all of its batch": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, b.lo, b.hi "
        "FROM movement JOIN credit_batch AS b ON b.id = batch_id "
        "WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "a balance taken out": (
        "DELETE FROM balance WHERE position = {retired} AND tonnes = 120",
        "balances equal movements",
    ),
    "a balance changed": (
        "UPDATE balance SET tonnes = tonnes + 1 WHERE position = {retired}",
        "balances equal movements",
    ),
    "a balance of nothing": (
        "INSERT INTO balance SELECT credit_id, batch_id, {used}, 120 FROM movement "
        "WHERE position = {retired} AND line = 0",
        "balances equal movements",
    ),
    "a balance of nothing and of nothing before": (
        "INSERT INTO balance SELECT credit_id, 1000000, {used}, 5 FROM movement "
        "WHERE position = {retired} AND line = 0",
        "balances equal movements",
    ),
    "a balance of nobody": (
        "INSERT INTO balance VALUES (1000000, {batch}, {retired}, 5)",
        "balances equal movements",
    ),
    "the last balance changed": (
        "UPDATE balance SET tonnes = tonnes + 1 WHERE (account_id, position) = (SELECT account_id, "
        "max(position) FROM balance GROUP BY account_id ORDER BY account_id DESC LIMIT 1)",
        "lots equal balances",
    ),
    "tonnes that come from nowhere": (
        "UPDATE balance SET tonnes = tonnes + 7 WHERE position = {batch} AND tonnes < 0",
        "issued = held + pending + retired + otherwise used + frozen + invalidated",
    ),
    "an available lot taken out": (
        "DELETE FROM available_lot WHERE lot_position = (SELECT max(lot_position) FROM available_lot)",
        "available lots are the lots held",
    ),
    "an available lot's tonnes": (
        "UPDATE available_lot SET hi = hi + 1",
        "available lots are the lots held",
    ),
    "an available lot's vintage": (
        "UPDATE available_lot SET vintage = vintage + 1",
        "available lots are the lots held",
    ),
    "a spent lot available": (
        "INSERT INTO available_lot SELECT l.position, l.piece, l.account_id, 2022, l.batch_id, l.lo, "
        "l.hi, l.since FROM lot AS l WHERE l.position = {batch}",
        "available lots are the lots held",
    ),
    "another posting corrected": (
        "UPDATE correction SET posting_id = {retired} WHERE position = {corrected}",
        "corrections mirror what they correct",
    ),
    "taken back to another": (
        "UPDATE movement SET credit_id = (SELECT min(id) FROM account WHERE kind = 'HOLDING') "
        "WHERE position = {corrected}",
        "corrections mirror what they correct",
    ),
    "an issuance corrected, and its batch stands": (
        "UPDATE credit_batch SET withdrawn_position = NULL WHERE withdrawn_position IS NOT NULL",
        "what was corrected may be",
    ),
    "a batch withdrawn by nothing": (
        "UPDATE credit_batch SET withdrawn_position = {retired} WHERE id = {batch}",
        "what was corrected may be",
    ),
    "a freeze corrected": (
        "UPDATE correction SET posting_id = (SELECT min(position) FROM batch_fact WHERE kind = 'FREEZE') "
        "WHERE posting_id = (SELECT max(posting_id) FROM correction JOIN batch_fact AS f ON f.position = posting_id)",
        "what was corrected may be",
    ),
    "an open request closed": (
        "INSERT INTO request_end VALUES ({open_request}, {used}, 'CANCELLED')",
        "what open requests ask for is pending",
    ),
    "an ended request opened": (
        "DELETE FROM request_end WHERE outcome = 'CONFIRMED'",
        "what open requests ask for is pending",
    ),
    "a meter of which nothing is logged": (
        "UPDATE meter SET id = {retired} WHERE code = 'ALONE'",
        "meters are where the log says",
    ),
    "a place taken out": ("DELETE FROM meter_placement", "meters are where the log says"),
    "a gateway taken away": ("DELETE FROM meter_gateway", "meters are where the log says"),
    "a device taken out": (
        "DELETE FROM meter_device WHERE number = 2",
        "meters are where the log says",
    ),
    "a meter's end taken back": (
        "UPDATE meter SET ends_on = NULL, ended_position = NULL WHERE code = 'ALONE'",
        "meters are where the log says",
    ),
    "a meter that ended on another day": (
        "UPDATE meter SET ends_on = '2024-06-29' WHERE code = 'ALONE'",
        "meters are as the log says",
    ),
    "a meter of another supply point": (
        "UPDATE meter SET supply_point = 'OTHER' WHERE code = 'ALONE'",
        "meters are as the log says",
    ),
    "a reading changed": (
        "UPDATE register_reading SET value = value - 1 WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a reading taken out": (
        "DELETE FROM register_reading WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a reading added": (
        "INSERT INTO register_reading SELECT meter_id, at + interval '1 hour', position, number + 9, "
        "device, turns, estimated, value FROM register_reading WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a bill's cost changed": (
        "UPDATE consumption SET cost = 1",
        "readings have their entry's digest",
    ),
    "an estimate called measured": (
        "UPDATE consumption SET estimated = NOT estimated",
        "readings have their entry's digest",
    ),
    **{
        f"a block of intervals {what}": (deed, "readings have their entry's digest")
        for what, deed in {
            "with another quantity": "UPDATE interval_block SET quantities[6] = 0.5 WHERE cardinality(quantities) = 24",
            "with an interval more": "UPDATE interval_block SET quantities = quantities || 1.0",
            "without its last interval": "UPDATE interval_block SET quantities = trim_array(quantities, 1) "
            "WHERE cardinality(quantities) = 24",
            "called estimated": "UPDATE interval_block SET estimated = NOT estimated",
            "with another number": "UPDATE interval_block SET number = number + 1",
            "with another stride": "UPDATE interval_block SET stride = 0 WHERE stride = 1",
            "of half-hours": "UPDATE interval_block SET seconds = 1800",
            "of another meter": "UPDATE interval_block SET meter_id = (SELECT min(id) FROM meter)",
            "an hour later": "UPDATE interval_block SET starts_at = starts_at + interval '1 hour'",
            "of which nothing is told after all": "UPDATE interval_block SET quantities = '{{NULL}}' "
            "WHERE cardinality(quantities) = 1",
            "taken out": "DELETE FROM interval_block WHERE cardinality(quantities) = 1",
            "added": "INSERT INTO interval_block SELECT meter_id, starts_on + 7, starts_at + interval '7 days', "
            "ends_at + interval '7 days', position, seconds, number + 500, stride, estimated, quantities "
            "FROM interval_block",
        }.items()
    },
    "a batch taken out": ("DELETE FROM reading_batch", "readings have their entry's digest"),
    "another alert": (
        "UPDATE monitoring_alert SET kind = 'SPIKE'",
        "alerts are as the log says",
    ),
    "an alert that ended, open": (
        "DELETE FROM monitoring_alert_end",
        "alerts are as the log says",
    ),
    "another floor area": (
        "UPDATE denominator SET value = 1 WHERE value = 1300",
        "denominators are as the log says",
    ),
    "a denominator taken out": (
        "DELETE FROM denominator WHERE value = 1100",
        "denominators are as the log says",
    ),
    "an energy baseline that explains more": (
        "UPDATE energy_baseline SET r_squared = 0.5",
        "energy baselines are as the log says",
    ),
    "a slope changed": (
        "UPDATE energy_baseline_variable SET slope = 3",
        "energy baselines are as the log says",
    ),
    "two floor areas on a day": (
        "UPDATE denominator SET starts_on = '2024-12-31' WHERE value = 1300",
        "a day has one denominator of a kind",
    ),
    "a month's sum changed": (
        "UPDATE meter_rollup SET millionths = millionths + 1 WHERE step = 'MONTH' AND known > 0",
        "sums of days and months are those of the readings",
    ),
    "a month's cost invented": (
        "UPDATE meter_rollup SET costed = known WHERE step = 'MONTH' AND known > 0",
        "sums of days and months are those of the readings",
    ),
    **{
        f"an hour of a month's sum, {what}": (
            deed,
            "sums of days and months are those of the readings",
        )
        for what, deed in {
            "with another quantity": "UPDATE interval_block SET quantities[6] = 0.5 WHERE cardinality(quantities) = 24",
            "called estimated": "UPDATE interval_block SET estimated = NOT estimated",
            "as it was before it was corrected": "DELETE FROM interval_block WHERE cardinality(quantities) = 1",
            "that is not there": "UPDATE interval_block SET quantities = trim_array(quantities, 1) "
            "WHERE cardinality(quantities) = 24",
        }.items()
    },
    "sums taken out": (
        "DELETE FROM meter_rollup",
        "sums of days and months are those of the readings",
    ),
    "a supply point of two meters": (
        "UPDATE meter SET supply_point = 'SP-M-1'",
        "a supply point is one meter's",
    ),
    "a meter handed in that is inside another one": (
        """INSERT INTO meter_placement (position, meter_id, parent_id)
           SELECT (SELECT max(position) + 1 FROM meter_placement), min(meter_id), max(meter_id) FROM line_meter""",
        "a meter's day counts in one line",
    ),
    "a bill that overlaps another": (
        "UPDATE consumption SET ends_at = ends_at + interval '1 day'",
        "consumption is told once",
    ),
    "a block of intervals that overlaps another": (
        "UPDATE interval_block SET starts_at = starts_at - interval '1 minute' WHERE cardinality(quantities) = 24",
        "consumption is told once",
    ),
    "a block of longer intervals": (
        "UPDATE interval_block SET seconds = 3601 WHERE cardinality(quantities) = 24",
        "consumption is told once",
    ),
    "an interval over another one": (
        "INSERT INTO interval_block SELECT meter_id, starts_on, starts_at + interval '30 minutes', "
        "ends_at + interval '30 minutes', position, seconds, 500, 0, false, quantities FROM interval_block "
        "WHERE cardinality(quantities) = 1",
        "consumption is told once",
    ),
    "a register that runs backwards": (
        "UPDATE register_reading SET value = 99999 WHERE value = 100",
        "registers count on",
    ),
    "a part that nobody knows of": (
        "DELETE FROM request_part",
        "what open requests ask for is pending",
    ),
    "a proposal of more": (
        "UPDATE proposal SET quantity = quantity + 1",
        "proposals are as the log says",
    ),
    "a proposal for longer": (
        "UPDATE proposal SET expires_at = expires_at + interval '1 day' WHERE lo = 41",
        "proposals are as the log says",
    ),
    "a proposal without grounds": (
        "DELETE FROM grounds WHERE position = (SELECT id FROM proposal WHERE lo = 41)",
        "proposals are as the log says",
    ),
    "a proposal taken out": ("DELETE FROM proposal WHERE lo = 41", "proposals are as the log says"),
    "an approval taken out": (
        "DELETE FROM proposal_end WHERE outcome = 'APPROVED'",
        "proposals are as the log says",
    ),
    "a withdrawal of another proposal": (
        "UPDATE proposal_end SET proposal_id = (SELECT id FROM proposal WHERE lo = 41) "
        "WHERE outcome = 'WITHDRAWN'",
        "proposals are as the log says",
    ),
    "approved by who proposed": (
        "UPDATE log_entry SET api_key_id = (SELECT api_key_id FROM log_entry WHERE kind = 'ORDER_PROPOSED' LIMIT 1) "
        "WHERE position IN (SELECT position FROM proposal_end WHERE outcome = 'APPROVED')",
        "proposals are made and approved by two keys of their registry",
    ),
    "approved for a key that was revoked before": (
        "UPDATE api_key SET revoked_position = id + 1 WHERE id = "
        "(SELECT api_key_id FROM log_entry WHERE kind = 'ORDER_PROPOSED' LIMIT 1)",
        "proposals are made and approved by two keys of their registry",
    ),
    "proposed by another's key": (
        "UPDATE log_entry SET api_key_id = (SELECT min(id) FROM api_key) WHERE kind = 'ORDER_PROPOSED'",
        "proposals are made and approved by two keys of their registry",
    ),
    "withdrawn by another's key": (
        "UPDATE log_entry SET api_key_id = (SELECT min(id) FROM api_key) WHERE kind = 'PROPOSAL_WITHDRAWN'",
        "proposals are made and approved by two keys of their registry",
    ),
    "proposed for another programme": (
        "UPDATE proposal SET programme = 'PHCER'",
        "proposals are made and approved by two keys of their registry",
    ),
    "approved too late": (
        "UPDATE proposal SET expires_at = (SELECT at FROM log_entry WHERE position = id) + interval '1 microsecond'",
        "proposals are made and approved by two keys of their registry",
    ),
    "another correction approved": (
        "UPDATE correction SET posting_id = posting_id - 1 WHERE position IN (SELECT position FROM proposal_end)",
        "approvals carry out what was proposed",
    ),
    "another batch approved": (
        "UPDATE batch_fact SET batch_id = {batch} WHERE position IN (SELECT position FROM proposal_end)",
        "approvals carry out what was proposed",
    ),
    "other serials approved": (
        "UPDATE movement SET hi = hi + 1 WHERE position IN "
        "(SELECT e.position FROM proposal_end AS e JOIN proposal AS p ON p.id = e.proposal_id WHERE p.lo = 21)",
        "approvals carry out what was proposed",
    ),
    "fewer tonnes approved": (
        "UPDATE proposal SET quantity = 7 WHERE posting_id IS NOT NULL",
        "approvals carry out what was proposed",
    ),
    "pending for no request": (
        "DELETE FROM retirement_request WHERE id = {open_request}",
        "what is pending is of an open request",
    ),
}


@pytest_asyncio.fixture(scope="module")
async def sample(server: Server, template: str) -> AsyncIterator[tuple[str, dict[str, int]]]:
    """The name of a database in which everything happened, and the positions of it."""
    name = "nzc_audit_sample"
    async with named_database(server, name, template) as made:
        async with client_of(made.api_url) as http:
            world = await World.make(http, made.api_url)
            done = await everything(world)
            amended = await world.pilot()
            for facts in ({"name": {"zh": "新", "en": "New"}}, {"closedOn": "2023-12-31"}):
                given = {"pilot": amended["id"], **facts}
                await world.operator.made("amendPilot", "pilot { id }", **given)
            await handed_in(world.registry, "serials,status\nGD-E-1,held\n")
            await world.administrator.made(
                "amendOrganisation",
                "organisation { id }",
                organisation=world.other_operator.organisation,
                name={"zh": "新", "en": "New"},
                document="D",
                reason="slip",
            )
            await world.registry.made(
                "amendProject",
                "project { id }",
                project=await world.project(),
                name={"zh": "新", "en": "New"},
                document="D",
                reason="slip",
            )
            twin = await world.project()
            await world.phcer_registry.made(
                "enrolProject",
                "project { id }",
                project=twin,
                programme="PHCER",
                rule="PHCER_2022",
                number="AUDIT-M",
                registeredOn="2023-11-01",
            )
            await world.phcer_registry.made(
                "amendProject",
                "project { id }",
                project=twin,
                methodology="CCER-01-002-V01",
                document="D",
                reason="slip",
            )
            days = {"startsOn": "2022-01-01", "endsOn": "2030-12-31"}
            await world.registry.made(
                "amendProject",
                "project { id }",
                project=twin,
                creditingPeriod={"programme": "CCER", "days": days},
                document="D",
                reason="renewed",
            )
            year = {"startsOn": "2022-01-01", "endsOn": "2022-12-31"}
            await world.issue(twin, "AUDIT-C", 1, 10, production={"monitoringPeriod": year})
            taken_back = (await world.pilot())["periods"][2022]
            await world.operator.made(
                "withdrawAccountingPeriod", "accountingPeriod { id }", accountingPeriod=taken_back
            )
            await drafts(world)
            await metered(world)
            await warned(world, server.database(name).api_url)
            await sink_given_back(world)
            await one_site(world)
            await wrongly(world)
            await certified(world)
            acts = Acts(world, "GD-E")
            in_parts = await acts.request(done["pilot"], 331, 340)
            await acts.confirm(in_parts, quantity="4")
            await by_two_persons(world, done["pilot"])
            aimed = await with_target(world)
            await world.operator.made(
                "attachDocument", "document { id }", **document(aimed["target"])
            )
            await chosen_and_planned(world, aimed)
            positions = {
                name: await position_of(world, done[name])
                for name in ("batch", "retired", "used", "open_request", "corrected")
            }
        yield name, positions


async def chosen_and_planned(world: World, pilot: dict[str, Any]) -> None:
    """An application that was selected, and a measure whose effect was verified; the pilot's potential was analysed,
    and its plan was carried out."""
    application = await opened(world)
    await claimed(world, application, "BUILDING-2", documents=1)
    await submitted(world, application)
    await judged(world, application, "BUILDING-2")
    selected = decision(application, "SELECTED", "CHOSEN")
    await world.regulator.made("decideApplication", "application { id }", **selected)
    measure = await planned(world, pilot["id"])
    await progressed(world, measure, "RUNNING", "2024-03-01")
    await verified_effect(world, measure)
    await analysed(world, pilot)
    for on in ("2024-06-30", "2024-07-31"):
        half = {"pledges": [pledge(measure, "50")], "allocations": [allocation(measure, "1")]}
        await ended(world, await financed(world, pilot["id"], **half), on)
    post = await managing.established(world, pilot["id"])
    await managing.erased(world, await managing.appointed(world, post, on="2023-01-01"))
    await managing.appointed(world, post)
    await managing.assigned(world, pilot["id"])
    await managing.repealed(world, await managing.published(world, pilot["id"]), "2024-06-30")
    await managing.kept_up(world, pilot["id"])
    await every_way(world)
    given = {"packages": [package(measure)], "materials": [CONCRETE]}
    plan = await approved(world, pilot["id"], **given)
    await completed(world, plan)
    await evaluating.all_done(world)


LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "电", "factor": "elec.guangdong.avg.2022",
    "activity": {"value": "1", "unit": "kWh"},
}  # fmt: skip
LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { nodes { id } } } } }"""


async def certified(world: World) -> None:
    """Green power of a plant, and credits of another one."""
    await world.issue(await world.project(siteCode="PV-8"), "GD-V", 1, 10)
    inventory = await world.inventory(await world.pilot("ENTERPRISE", 2022), **BY_MARKET)
    await world.record(inventory, green(certificates("GEC", plant="PV-9")))
    await world.submit(inventory)


async def wrongly(world: World) -> None:
    """An issuance that was withdrawn, and its serials issued again; an invalidation and an export that were taken
    back."""
    project, acts = await world.project(), Acts(world, "GD-W")
    wrong = await world.issue(project, "GD-W", 1, 10)
    await acts.correct(wrong)
    rightly = await world.issue(project, "GD-W", 1, 20)
    await acts.correct(await acts.order("invalidate", 1, 5))
    await acts.correct(await acts.order_batch("invalidate", rightly))
    await acts.correct(await acts.export(rightly))


async def drafts(world: World) -> None:
    """An inventory with an opinion; a draft that was amended twice and its lines once, each way; and one
    that was discarded."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    verified, draft, discarded = [
        await world.inventory(pilot, year, factorList="prov2025-gd-2022")
        for year in (2022, 2023, 2024)
    ]
    await world.record(verified, LINE)
    await world.submit(verified, verify=False)
    await world.record(draft, *[LINE | {"activity": {"value": "1234", "unit": "kWh"}}] * 4)
    found = (await world.operator.ask(LINES, id=draft))["node"]["emissionSources"]["nodes"]

    opinion = {"level": "LIMITED", "findings": ["无"]}
    verify = ("verifyInventory", "inventory { id }")
    await world.verifier.made(*verify, inventory=verified, opinion=opinion)

    async def done(verb: str, **given: Any) -> None:
        await world.operator.made(verb, "inventory { id }", **given)

    await done("amendInventoryLine", line=found[0]["id"], label="一")
    for gwp_set in ("AR6", "SAR"):
        await done("amendInventory", inventory=draft, gwpSet=gwp_set)
    await done("amendInventoryLine", line=found[1]["id"], label="二")
    await done("removeInventoryLine", line=found[2]["id"])
    await world.record(draft, LINE)
    await done("discardInventory", inventory=discarded)


async def metered(world: World) -> None:
    """A meter with readings, one of them corrected, that was exchanged; its sub-meter, with bills; one of three days of
    hours, one of them corrected; one that ended; and two of heat that are handed in."""
    pilot = await world.pilot()

    async def meter(code: str, **given: Any) -> str:
        facts = {"pilot": pilot["id"], "code": code, "carrier": "WATER", "flow": "BOUGHT", "unit": "m3",
                 "meterKind": "REGISTER", "supplyPoint": f"SP-{code}", "validFrom": "2024-01-01",
                 "maximumPerHour": "100"}  # fmt: skip
        made = await world.operator.made("registerMeter", "meter { id }", **facts | given)
        return str(made["id"])

    async def done(verb: str, wanted: str, **given: Any) -> None:
        await world.operator.made(verb, f"{wanted} {{ id }}", **given)

    def at(day: int) -> str:
        return f"2024-01-{day:02}T00:00:00+08:00"

    main, alone = await meter("M-1"), await meter("ALONE")
    part = await meter("M-2", meterKind="BILL", parent=main)
    readings = [{"meter": main, "at": at(day), "value": str(10 * day)} for day in (1, 10, 20)]
    await done("recordReadings", "batch", items=readings)
    why = {"document": "通知1", "reason": "抄表有误"}
    await done("correctReading", "batch", meter=main, startsAt=at(20), value="190.50", **why)
    exchange = {"at": at(25), "finalValue": "300", "firstValue": "0", "maximumPerHour": "9"}
    await done("replaceMeter", "meter", meter=main, **exchange)
    await done("assignGateway", "meter", meter=main, gateway=world.gateway.organisation)
    bills = [
        {"meter": part, "firstDay": f"2024-0{n}-01", "lastDay": f"2024-0{n}-29", "quantity": "7"}
        for n in (1, 2)
    ]
    bills[0]["lastDay"] = "2024-01-31"
    await done("recordBills", "batch", items=bills)
    hourly = await meter("M-3", meterKind="INTERVAL")
    # So many that a day is a block.
    first = datetime(2024, 1, 15, tzinfo=CHINA_TIME)
    hours = [(first + timedelta(hours=n)).isoformat() for n in range(3 * 24 + 1)]
    intervals = [
        {"meter": hourly, "from": since, "at": until, "value": "7.5"}
        for since, until in pairwise(hours)
    ]
    await done("recordReadings", "batch", items=intervals)
    await done("correctReading", "batch", meter=hourly, startsAt=hours[30], value="8", **why)
    await done("endMeter", "meter", meter=alone, validTo="2024-06-30")
    heat = {"carrier": "HEAT", "unit": "GJ", "meterKind": "BILL", "validFrom": "2022-01-01"}
    heated = [await meter(code, **heat) for code in ("H-1", "H-2")]
    year = {"firstDay": "2022-01-01", "lastDay": "2022-12-31", "quantity": "7"}
    await done("recordBills", "batch", items=[{"meter": meter_id, **year} for meter_id in heated])
    inventory = await world.inventory(pilot)
    source = {"category": "ENERGY_CONSUMPTION", "factor": "heat.default"}
    sources = [{"meter": meter_id, **source} for meter_id in heated]
    await done("draftFromMeters", "inventory", inventory=inventory, sources=sources)
    await world.submit(inventory)
    area = {
        "denominatorKind": "FLOOR_AREA",
        "firstDay": "2024-01-01",
        "lastDay": "2024-12-31",
        "source": "产权证",
    }
    for value in ("1000", "1200.5", None, "1100"):
        await done("recordDenominator", "denominator", pilot=pilot["id"], value=value, **area)
    area |= {"firstDay": "2025-01-01", "lastDay": "2025-12-31"}
    await done("recordDenominator", "denominator", pilot=pilot["id"], value="1300", **area)
    await done("recordEnergyBaseline", "energyBaseline", **explaining(await explained_pilot(world)))


async def warned(world: World, url: str) -> None:
    """A meter of which nothing is known, until something is; and another."""
    pilot = await world.pilot()
    async with Nzc.on(Database(url)).running() as nzc:
        for code in ("G-1", "G-2"):
            facts = {"pilot": pilot["id"], "code": code, "carrier": "WATER", "flow": "BOUGHT", "unit": "m3",
                     "meterKind": "REGISTER", "supplyPoint": f"SP-{code}", "validFrom": "2024-01-01",
                     "maximumPerHour": "100"}  # fmt: skip
            made = await world.operator.made("registerMeter", "meter { id }", **facts)
        assert await nzc.services.watch.watch() >= 2
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        times = ("2024-01-01T00:00:00+08:00", now.isoformat())
        items = [{"meter": made["id"], "at": at, "value": "1"} for at in times]
        await world.operator.made("recordReadings", "batch { id }", items=items)
        assert await nzc.services.watch.watch() == 1


async def sink_given_back(world: World) -> None:
    """Forestry in a park that lies in a town, whose sink some credits give back."""
    town = await world.pilot("TOWN", 2022)
    park = await world.pilot("PARK", 2022, surroundingPilot=town["id"])
    wood = await world.project(forestry=True, pilot=park["id"])
    await world.issue(wood, "GD-WOOD", 1, 10)
    await world.registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-WOOD-1 to 5"},
        purpose="OWN_SINK", pilot=town["id"], accountingPeriod=town["periods"][2022],
        usedOn="2024-07-01",
    )  # fmt: skip


async def one_site(world: World) -> None:
    """Two projects at one site whose credits are suspected; parts of one issuance, of a project that was found there
    later; a project at a pilot's site, which was found to lie in it and was placed there."""
    one, other = [await world.project(siteCode="AUDIT-1") for _ in range(2)]
    await world.issue(one, "GD-ONE", 1, 10)
    await world.issue(other, "GD-OTHER", 1, 10)
    parts = await world.project()
    for number in (1, 2):
        await world.issue(parts, f"GD-PART{number}", 1, 10, **part_of("DJ-1", 20))
    given = {"project": parts, "siteCode": "AUDIT-1", "document": "D", "reason": "surveyed"}
    await world.registry.made("amendProject", "project { id }", **given)
    inner, pilot = await world.project(siteCode="AUDIT-2"), await world.pilot(siteCode="AUDIT-2")
    grounds = {"document": "粤环函〔2026〕3号", "reason": "现场核实"}
    await world.administrator.made(
        "resolveSameSite",
        "pilot { id }",
        subject=inner,
        pilot=pilot["id"],
        finding="SAME",
        **grounds,
    )
    await world.registry.made(
        "amendProject", "project { id }", project=inner, pilot=pilot["id"], **grounds
    )


async def by_two_persons(world: World, pilot: dict[str, Any]) -> None:
    """A proposal of each kind that was approved, one that was withdrawn, and one that is open."""
    second, _ = await another_key(world, world.registry)
    batch = await world.issue(await world.project(), "GD-TWO", 1, 10)
    await world.issue(await world.project(), "GD-TWO-2", 1, 100)
    slip = world.retirement(pilot, "GD-TWO-2", 1, 10)
    retired = (await world.registry.made("retireCredits", "retirement { id }", **slip))["id"]
    proposals = [
        (await propose(world.registry, **order))["id"]
        for order in (
            {"correctPosting": retired},
            {"invalidateCredits": {"batch": batch}},
            *({"invalidateCredits": serials_of("GD-TWO-2", n, n + 4)} for n in (21, 31, 41)),
        )
    ]
    for proposal in proposals[:3]:
        await approve(second, proposal)
    await second.made("withdrawProposal", "proposal { id }", proposal=proposals[3])


async def position_of(world: World, node: str) -> int:
    query = """query ($id: ID!) { node(id: $id) { ... on CreditBatch { position }
        ... on Retirement { position } ... on CreditUse { position }
        ... on RetirementRequest { position } ... on LedgerPosting { position } } }"""
    return int((await world.anyone.ask(query, id=node))["node"]["position"])


@pytest_asyncio.fixture
async def copy(server: Server, sample: tuple[str, dict[str, int]]) -> AsyncIterator[TestDatabase]:
    """A copy of the sample."""
    async with named_database(server, "nzc_audit_copy", sample[0]) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def lawless(server: Server, sample: tuple[str, dict[str, int]]) -> AsyncIterator[str]:
    """The name of a copy of the sample that keeps no constraint."""
    name = "nzc_audit_lawless"
    async with named_database(server, name, sample[0]) as made:
        async with unguarded(made.superuser_url) as connection:
            for constraint in await connection.fetch(
                "SELECT conname, conrelid::regclass AS relation FROM pg_constraint "
                "WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace"
            ):
                await connection.execute(
                    f"ALTER TABLE {constraint['relation']} "
                    f'DROP CONSTRAINT "{constraint["conname"]}"'
                )
        yield name


@pytest_asyncio.fixture
async def lawless_copy(server: Server, lawless: str) -> AsyncIterator[TestDatabase]:
    """A copy of the sample that keeps no constraint."""
    async with named_database(server, "nzc_audit_lawless_copy", lawless) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def lawless_session(server: Server, lawless: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser's session on such a copy, for what is rolled back."""
    async with (
        named_database(server, "nzc_audit_rolled_back", lawless) as made,
        unguarded(made.superuser_url) as connection,
    ):
        yield connection


async def corrupt(connection: asyncpg.Connection, statement: str) -> None:
    done = await connection.execute(statement)
    assert not done.endswith(" 0"), done


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction of which nothing stays."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def broken(url: str) -> dict[str, Any]:
    database = Database(url, pool_size=1)
    try:
        return {found.check.name.en: found.rows for found in await audit(database)}
    finally:
        await database.close()


async def test_what_the_ledger_wrote_is_in_order(copy: TestDatabase) -> None:
    assert await broken(copy.api_url) == {}


async def test_a_bulk_history_is_in_order(database: TestDatabase) -> None:
    await write_history(database.superuser_url, 1_000)
    assert await broken(database.api_url) == {}


async def test_the_demo_is_in_order(database: TestDatabase, tmp_path: Path) -> None:
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        await load_demo(nzc.services, tmp_path)
    assert await broken(database.api_url) == {}


async def test_an_empty_ledger_is_in_order(database: TestDatabase) -> None:
    assert await broken(database.api_url) == {}


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_what_was_changed_is_found_and_named(
    lawless_session: asyncpg.Connection,
    sample: tuple[str, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The audit asks, as the API, in the transaction in which it was changed: to copy the sample for each and to
    connect to that takes as long again."""

    @asynccontextmanager
    async def snapshots(_database: Database, _many: int) -> AsyncIterator[list[Snapshot]]:
        await lawless_session.execute(f"SET LOCAL ROLE {API_ROLE}; {SETTINGS.text}")
        yield [Snapshot(lawless_session)]

    monkeypatch.setattr(audit_store, "snapshots", snapshots)
    statement, check = CORRUPTIONS[name]
    async with rolled_back(lawless_session):
        await corrupt(lawless_session, statement.format(**sample[1]))
        found = await broken("postgresql://nobody.is.asked")
    assert check in found, found
    assert 0 < len(found[check]) <= MOST_ROWS


async def test_no_value_is_changed_unnoticed(lawless_copy: TestDatabase) -> None:
    """One of each column, of all tables; but for those of which nothing is said (`LEFT_OUT`)."""
    async with unguarded(lawless_copy.superuser_url) as connection:
        noticed, unnoticed = await changing.each_column(connection)
    assert noticed > 400
    assert not unnoticed, " ".join(unnoticed)


def test_every_check_finds_something() -> None:
    assert {check for _, check in CORRUPTIONS.values()} == {check.name.en for check in CHECKS}


async def test_a_server_that_goes_away_is_said_to(database: TestDatabase) -> None:
    """As of everything else: connections that ask side by side make no other error of it."""

    def told(done: int, _total: int, _check: Check) -> None:
        if done == 2:
            thread = Thread(target=asyncio.run, args=[cut_off(database)])
            thread.start()
            thread.join()

    with pytest.raises(DatabaseUnavailable):
        await audited(database, told)


async def test_an_audit_fails_with_what_failed(database: TestDatabase) -> None:
    def told(_done: int, _total: int, _check: Check) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await audited(database, told)


async def audited(database: TestDatabase, told: Progress) -> None:
    whole = Database(database.api_url)
    try:
        await audit(whole, told)
    finally:
        await whole.close()


async def cut_off(database: TestDatabase) -> None:
    """End every other connection to the database."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("size", [1, 7])
async def test_slices_leave_nothing_out(
    copy: TestDatabase,
    lawless_copy: TestDatabase,
    sample: tuple[str, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    for name in ("SLICE_POSITIONS", "SLICE_BATCHES"):
        monkeypatch.setattr(auditing, name, size)
    assert await broken(copy.api_url) == {}
    async with unguarded(lawless_copy.superuser_url) as connection:
        await corrupt(connection, CORRUPTIONS["a time put back"][0].format(**sample[1]))
    assert set(await broken(lawless_copy.api_url)) == {
        "times never run backwards",
        "each entry's digest follows",
        GUARDED,
    }


async def test_the_health_of_the_latest_positions(
    copy: TestDatabase, sample: tuple[str, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies before them, the running check finds, and keeps in mind until it is in order again."""
    step = 50
    monkeypatch.setattr(auditing, "WALKED_POSITIONS", step)
    used, walk = sample[1]["used"], Walk()
    database = Database(copy.api_url, pool_size=1)

    async def look(positions: int) -> tuple[int, set[str]]:
        health = await audit_latest(database, positions, walk)
        return health.walked, {found.check.name.en for found in health.broken}

    try:
        head = (await audit_latest(database, 100, Walk())).position
        rounds = [min(at, head) for at in range(step, head + step, step)]
        assert len(rounds) > 4
        assert [await look(100) for _ in rounds] == [(at, set()) for at in rounds]
        async with unguarded(copy.superuser_url) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT * FROM lot")
            await connection.execute("DELETE FROM lot WHERE position = $1 AND piece = 1", used)
            assert "pieces tile what was spent" in (await look(head))[1]
            walk.reached = 0
            told = [await look(1) for _ in rounds]
            assert [at for at, _ in told] == rounds
            assert [bool(names) for _, names in told] == [at >= used for at in rounds]
            await connection.execute(
                "INSERT INTO lot SELECT * FROM kept WHERE position = $1 AND piece = 1", used
            )
            assert [bool((await look(1))[1]) for _ in rounds] == [at < used for at in rounds]
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("deed", "check"),
    [
        (
            "INSERT INTO balance SELECT account_id, batch_id, 1000000, -5000 FROM balance LIMIT 1",
            "nothing lies outside the log",
        ),
        ("INSERT INTO grounds VALUES (1000000, 'x', 'y')", "nothing lies outside the log"),
        ("UPDATE log_head SET position = position - 1", "the head follows the log"),
        ("ALTER TABLE balance DISABLE TRIGGER balance_follows", GUARDED),
    ],
)
async def test_health_looks_past_the_head_and_at_guards(
    copy: TestDatabase, deed: str, check: str
) -> None:
    database = Database(copy.api_url, pool_size=1)
    try:
        assert not (await audit_latest(database, 1, Walk())).broken
        async with unguarded(copy.superuser_url) as connection:
            await connection.execute(deed)
        found = (await audit_latest(database, 1, Walk())).broken
        assert check in {broken.check.name.en for broken in found}
    finally:
        await database.close()


HEALTH = "{ ledgerHealth { position walkedPosition sound broken { name { zh en } count } } }"


async def test_the_health_over_graphql(world: World, database: TestDatabase) -> None:
    done = await everything(world)
    health = (await world.anyone.ask(HEALTH))["ledgerHealth"]
    head = str(await world.head())
    assert health == {"position": head, "walkedPosition": head, "sound": True, "broken": []}
    used = await position_of(world, done["used"])
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("DELETE FROM lot WHERE position = $1 AND piece = 1", used)
    health = (await world.anyone.ask(HEALTH))["ledgerHealth"]
    assert health["sound"] is False
    assert health["broken"][0] == {
        "name": {"zh": "新区段恰好替代旧区段", "en": "pieces tile what was spent"},
        "count": 1,
    }


def test_names_are_in_both_languages_and_once() -> None:
    assert (
        len({check.name.zh for check in CHECKS}) == len({c.name.en for c in CHECKS}) == len(CHECKS)
    )
    guide = (ROOT / "docs/how-to/auditor.md").read_text("utf-8")
    assert "nzc audit" in guide
