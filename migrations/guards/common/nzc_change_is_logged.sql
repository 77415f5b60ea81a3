-- Every row was brought about by an entry of the log that its own transaction appended. The column
-- that holds the entry's position is given. Deferred to the commit, for a room may write its rows
-- before their entry or after.
--
-- Fires AFTER INSERT ON accounting_period ('id'), api_key ('id'), api_key_expiry ('position'),
--   application ('id'), application_step ('position'), appointment ('id'), batch_fact ('position'),
--   claim_document ('claim_id'), completion ('position'), correction ('position'), crediting_period
--   ('position'), criterion_claim ('id'), criterion_judgement ('id'), denominator ('id'), document
--   ('id'), double_issuance ('position'), double_issuance_resolution ('position'), duty ('id'),
--   energy_baseline ('id'), energy_baseline_variable ('baseline_id'), enrolment ('id'),
--   enrolment_methodology ('position'), evaluation ('id'), evaluation_decision ('id'),
--   evaluation_score ('id'), financing ('id'), financing_allocation ('financing_id'), financing_end
--   ('position'), financing_pledge ('financing_id'), finding ('id'), finding_step ('position'),
--   follow_up ('id'), grounds ('position'), holder_name ('appointment_id'), inventory ('id'),
--   inventory_line ('position'), management_rule ('id'), measure ('id'), measure_effect ('id'),
--   measure_exclusion ('measure_id'), measure_progress ('position'), measure_saving ('measure_id'),
--   meter ('id'), meter_device ('position'), meter_gateway ('position'), meter_placement
--   ('position'), milestone_reached ('position'), monitoring_alert ('id'), monitoring_alert_end
--   ('position'), name_erasure ('position'), organisation ('id'), organisation_amendment
--   ('position'), panel ('id'), panel_expert ('panel_id'), panel_expert_name ('panel_id'), pilot
--   ('id'), pilot_amendment ('position'), pilot_overlap ('position'), pilot_placement ('position'),
--   plan ('id'), plan_material ('plan_id'), plan_measure ('plan_id'), plan_milestone ('plan_id'),
--   plan_package ('plan_id'), plan_step ('position'), post ('id'), potential_analysis ('id'),
--   project ('id'), project_amendment ('position'), project_placement ('position'), proposal
--   ('id'), proposal_end ('position'), reading_batch ('id'), reconciliation ('id'), request_end
--   ('position'), request_part ('position'), retirement_request ('id'), rule_repeal ('position'),
--   same_site ('position'), same_site_resolution ('position'), self_evaluation ('id'), site
--   ('position'), site_visit ('id'), target ('id'), target_ceiling ('target_id'), upkeep ('id'),
--   verification_opinion ('position'), webhook_endpoint ('id'), webhook_former_secret ('position'),
--   webhook_secret ('position'), webhook_terms ('position') DEFERRABLE INITIALLY DEFERRED FOR EACH
--   ROW.
-- Fires AFTER UPDATE ON meter ('ended_position') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE OF discarded_position ON inventory ('discarded_position') DEFERRABLE INITIALLY
--   DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE OF revoked_position ON api_key ('revoked_position') DEFERRABLE INITIALLY
--   DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE OF submitted_position ON inventory ('submitted_position') DEFERRABLE INITIALLY
--   DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE OF verified_position ON inventory ('verified_position') DEFERRABLE INITIALLY
--   DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE OF withdrawn_position ON accounting_period ('withdrawn_position'),
--   credit_batch ('withdrawn_position') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: change_is_logged.

CREATE OR REPLACE FUNCTION public.nzc_change_is_logged()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE happened bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF NOT nzc_appended_now(happened) THEN
        PERFORM nzc_refuse('change_is_logged', format('%s of %s', happened, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $function$;
