-- Nothing that was recorded is changed or taken back: not by a bug, and not by the tables' owner.
-- Some of these tables do have an UPDATE, which a guard of their own looks at; they are `…_kept`
-- instead of `…_append_only`.
--
-- Fires BEFORE DELETE OR TRUNCATE ON accounting_period, api_key, credit_batch, inventory, log_head,
--   meter, organisation, pilot, project, webhook_cursor FOR EACH STATEMENT.
-- Fires BEFORE DELETE OR UPDATE OR TRUNCATE ON account, api_key_expiry, application,
--   application_step, appointment, attachment, balance, batch_fact, claim_document, completion,
--   consumption, correction, crediting_period, criterion_claim, criterion_judgement, denominator,
--   document, double_issuance, double_issuance_resolution, duty, energy_baseline,
--   energy_baseline_variable, enrolment, enrolment_methodology, evaluation, evaluation_decision,
--   evaluation_score, financing, financing_allocation, financing_end, financing_pledge, finding,
--   finding_step, follow_up, grounds, interval_block, log_checkpoint, log_cosignature, log_entry,
--   log_node, log_salt, lot, lot_spent, management_rule, measure, measure_effect,
--   measure_exclusion, measure_progress, measure_saving, meter_device, meter_gateway,
--   meter_placement, meter_rollup, milestone_reached, monitoring_alert, monitoring_alert_end,
--   movement, name_erasure, organisation_amendment, outcome, panel, panel_expert, pilot_amendment,
--   pilot_overlap, pilot_placement, plan, plan_material, plan_measure, plan_milestone,
--   plan_package, plan_step, post, potential_analysis, project_amendment, project_placement,
--   proposal, proposal_end, reading_batch, reconciliation, register_reading, request_end,
--   request_part, retirement_request, rule_repeal, same_site, same_site_resolution,
--   self_evaluation, site, site_visit, target, target_ceiling, upkeep, verification_opinion,
--   webhook_endpoint, webhook_terms FOR EACH STATEMENT.
-- Fires BEFORE UPDATE OR TRUNCATE ON holder_name, inventory_line, inventory_warning,
--   line_certificate, line_gas, panel_expert_name, upload, webhook_delivery, webhook_former_secret,
--   webhook_secret FOR EACH STATEMENT.
-- Refuses: append_only.

CREATE OR REPLACE FUNCTION public.nzc_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_refuse('append_only', format('%s of %s is refused', TG_OP, TG_TABLE_NAME));
    RETURN NULL;
END $function$;
