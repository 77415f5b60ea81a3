-- account
CREATE TRIGGER account_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER account_period_stands BEFORE INSERT ON account FOR EACH ROW WHEN (new.period_id IS NOT NULL) EXECUTE FUNCTION nzc_period_stands('period_id');

-- accounting_period
CREATE CONSTRAINT TRIGGER accounting_period_id_is_logged AFTER INSERT ON accounting_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER accounting_period_kept BEFORE DELETE OR TRUNCATE ON accounting_period FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER accounting_period_withdrawn BEFORE INSERT OR UPDATE ON accounting_period FOR EACH ROW EXECUTE FUNCTION nzc_period_withdrawn();
CREATE CONSTRAINT TRIGGER accounting_period_withdrawn_position_is_logged AFTER UPDATE OF withdrawn_position ON accounting_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('withdrawn_position');

-- api_key
CREATE CONSTRAINT TRIGGER api_key_id_is_logged AFTER INSERT ON api_key DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER api_key_kept BEFORE DELETE OR TRUNCATE ON api_key FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER api_key_revoked_once BEFORE UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION nzc_key_revoked_once();
CREATE CONSTRAINT TRIGGER api_key_revoked_position_is_logged AFTER UPDATE OF revoked_position ON api_key DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('revoked_position');

-- api_key_expiry
CREATE TRIGGER api_key_expiry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON api_key_expiry FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER api_key_expiry_position_is_logged AFTER INSERT ON api_key_expiry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- application
CREATE TRIGGER application_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON application FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER application_id_is_logged AFTER INSERT ON application DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER application_is_whole AFTER INSERT ON application DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_application_is_whole();

-- application_step
CREATE TRIGGER application_step_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON application_step FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER application_step_is_whole AFTER INSERT ON application_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_application_step_is_whole();
CREATE CONSTRAINT TRIGGER application_step_position_is_logged AFTER INSERT ON application_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- appointment
CREATE TRIGGER appointment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON appointment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER appointment_id_is_logged AFTER INSERT ON appointment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER appointment_is_whole AFTER INSERT ON appointment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_appointment_is_whole();

-- attachment
CREATE TRIGGER attachment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON attachment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER attachment_comes_with AFTER INSERT ON attachment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_attachment_comes_with();

-- balance
CREATE TRIGGER balance_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON balance FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER balance_follows AFTER INSERT ON balance REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_balance_follows();

-- batch_fact
CREATE TRIGGER batch_fact_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON batch_fact FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER batch_fact_comes_first AFTER INSERT ON batch_fact REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER batch_fact_position_is_logged AFTER INSERT ON batch_fact DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- claim_document
CREATE TRIGGER claim_document_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON claim_document FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER claim_document_claim_id_is_logged AFTER INSERT ON claim_document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('claim_id');
CREATE CONSTRAINT TRIGGER claim_document_is_whole AFTER INSERT ON claim_document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_claim_is_whole('claim_id');

-- completion
CREATE TRIGGER completion_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON completion FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER completion_is_whole AFTER INSERT ON completion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_completion_is_whole();
CREATE CONSTRAINT TRIGGER completion_position_is_logged AFTER INSERT ON completion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- consumption
CREATE TRIGGER consumption_added AFTER INSERT ON consumption REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_consumption_added();
CREATE TRIGGER consumption_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON consumption FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- correction
CREATE TRIGGER correction_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON correction FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER correction_comes_first AFTER INSERT ON correction REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER correction_position_is_logged AFTER INSERT ON correction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER correction_position_moves AFTER INSERT ON correction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_correction_is_of_posting();
CREATE CONSTRAINT TRIGGER correction_withdraws_batch AFTER INSERT ON correction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_withdrawn_by_correction('posting_id');

-- credit_batch
CREATE TRIGGER credit_batch_alike AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_issued_alike();
CREATE TRIGGER credit_batch_credited AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_issued_in_crediting_period();
CREATE TRIGGER credit_batch_kept BEFORE DELETE OR TRUNCATE ON credit_batch FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER credit_batch_posted AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_posted();
CREATE CONSTRAINT TRIGGER credit_batch_power_is_not_certified AFTER INSERT ON credit_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credited_power_is_not_certified();
CREATE TRIGGER credit_batch_starts_standing BEFORE INSERT ON credit_batch FOR EACH ROW WHEN (new.withdrawn_position IS NOT NULL) EXECUTE FUNCTION nzc_batch_withdrawn();
CREATE TRIGGER credit_batch_withdrawn AFTER UPDATE ON credit_batch FOR EACH ROW EXECUTE FUNCTION nzc_batch_withdrawn();
CREATE CONSTRAINT TRIGGER credit_batch_withdrawn_position_is_logged AFTER UPDATE OF withdrawn_position ON credit_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('withdrawn_position');
CREATE CONSTRAINT TRIGGER credit_batch_withdrawn_with_correction AFTER UPDATE ON credit_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_withdrawn_by_correction('id');

-- crediting_period
CREATE TRIGGER crediting_period_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON crediting_period FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER crediting_period_holds AFTER INSERT ON crediting_period REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_monitored_in_crediting_period();
CREATE CONSTRAINT TRIGGER crediting_period_is_as_logged AFTER INSERT ON crediting_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_crediting_period_is_as_logged();
CREATE CONSTRAINT TRIGGER crediting_period_position_is_logged AFTER INSERT ON crediting_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- criterion_claim
CREATE TRIGGER criterion_claim_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON criterion_claim FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER criterion_claim_id_is_logged AFTER INSERT ON criterion_claim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER criterion_claim_is_whole AFTER INSERT ON criterion_claim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_claim_is_whole('id');

-- criterion_judgement
CREATE TRIGGER criterion_judgement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON criterion_judgement FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER criterion_judgement_id_is_logged AFTER INSERT ON criterion_judgement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER criterion_judgement_is_whole AFTER INSERT ON criterion_judgement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_judgement_is_whole();

-- denominator
CREATE TRIGGER denominator_alone AFTER INSERT ON denominator FOR EACH ROW EXECUTE FUNCTION nzc_denominator_alone();
CREATE TRIGGER denominator_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON denominator FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER denominator_id_is_logged AFTER INSERT ON denominator DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');

-- document
CREATE TRIGGER document_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER document_id_is_logged AFTER INSERT ON document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER document_is_whole AFTER INSERT ON document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_document_is_whole();

-- double_issuance
CREATE TRIGGER double_issuance_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON double_issuance FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER double_issuance_comes_first AFTER INSERT ON double_issuance REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER double_issuance_position_is_logged AFTER INSERT ON double_issuance DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER double_issuance_warranted AFTER INSERT ON double_issuance DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_suspicion_is_warranted();

-- double_issuance_resolution
CREATE TRIGGER double_issuance_resolution_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON double_issuance_resolution FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER double_issuance_resolution_comes_first AFTER INSERT ON double_issuance_resolution REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER double_issuance_resolution_position_is_logged AFTER INSERT ON double_issuance_resolution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- duty
CREATE TRIGGER duty_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON duty FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER duty_id_is_logged AFTER INSERT ON duty DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER duty_is_as_logged AFTER INSERT ON duty DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_managed_is_as_logged('DUTY_ASSIGNED');

-- energy_baseline
CREATE TRIGGER energy_baseline_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON energy_baseline FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER energy_baseline_id_is_logged AFTER INSERT ON energy_baseline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER energy_baseline_is_whole AFTER INSERT ON energy_baseline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_energy_baseline_is_whole('id');

-- energy_baseline_variable
CREATE TRIGGER energy_baseline_variable_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON energy_baseline_variable FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER energy_baseline_variable_baseline_id_is_logged AFTER INSERT ON energy_baseline_variable DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('baseline_id');
CREATE CONSTRAINT TRIGGER energy_baseline_variable_is_whole AFTER INSERT ON energy_baseline_variable DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_energy_baseline_is_whole('baseline_id');

-- enrolment
CREATE TRIGGER enrolment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON enrolment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER enrolment_id_is_logged AFTER INSERT ON enrolment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER enrolment_judged AFTER INSERT ON enrolment REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_enrolled();

-- enrolment_methodology
CREATE TRIGGER enrolment_methodology_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON enrolment_methodology FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER enrolment_methodology_position_is_logged AFTER INSERT ON enrolment_methodology DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE TRIGGER enrolment_methodology_stated AFTER INSERT ON enrolment_methodology REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_methodology_stated();

-- evaluation
CREATE TRIGGER evaluation_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON evaluation FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER evaluation_id_is_logged AFTER INSERT ON evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER evaluation_is_whole AFTER INSERT ON evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_whole();

-- evaluation_decision
CREATE TRIGGER evaluation_decision_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON evaluation_decision FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER evaluation_decision_id_is_logged AFTER INSERT ON evaluation_decision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER evaluation_decision_is_whole AFTER INSERT ON evaluation_decision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_decision_is_whole();

-- evaluation_score
CREATE TRIGGER evaluation_score_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON evaluation_score FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER evaluation_score_id_is_logged AFTER INSERT ON evaluation_score DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER evaluation_score_is_open AFTER INSERT ON evaluation_score DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open();
CREATE CONSTRAINT TRIGGER evaluation_score_is_whole AFTER INSERT ON evaluation_score DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_score_is_whole();

-- financing
CREATE TRIGGER financing_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON financing FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER financing_id_is_logged AFTER INSERT ON financing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER financing_is_as_logged AFTER INSERT ON financing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_financing_is_as_logged('id');
CREATE CONSTRAINT TRIGGER financing_is_whole AFTER INSERT ON financing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_financing_is_whole();

-- financing_allocation
CREATE TRIGGER financing_allocation_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON financing_allocation FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER financing_allocation_financing_id_is_logged AFTER INSERT ON financing_allocation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('financing_id');
CREATE CONSTRAINT TRIGGER financing_allocation_is_as_logged AFTER INSERT ON financing_allocation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_financing_is_as_logged('financing_id');

-- financing_end
CREATE TRIGGER financing_end_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON financing_end FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER financing_end_is_whole AFTER INSERT ON financing_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_financing_end_is_whole();
CREATE CONSTRAINT TRIGGER financing_end_position_is_logged AFTER INSERT ON financing_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- financing_pledge
CREATE TRIGGER financing_pledge_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON financing_pledge FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER financing_pledge_financing_id_is_logged AFTER INSERT ON financing_pledge DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('financing_id');
CREATE CONSTRAINT TRIGGER financing_pledge_is_as_logged AFTER INSERT ON financing_pledge DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_financing_is_as_logged('financing_id');

-- finding
CREATE TRIGGER finding_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON finding FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER finding_id_is_logged AFTER INSERT ON finding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER finding_is_open AFTER INSERT ON finding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open();
CREATE CONSTRAINT TRIGGER finding_is_whole AFTER INSERT ON finding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_finding_is_whole();

-- finding_step
CREATE TRIGGER finding_step_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON finding_step FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER finding_step_is_whole AFTER INSERT ON finding_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_finding_step_is_whole();
CREATE CONSTRAINT TRIGGER finding_step_position_is_logged AFTER INSERT ON finding_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- follow_up
CREATE TRIGGER follow_up_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON follow_up FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER follow_up_id_is_logged AFTER INSERT ON follow_up DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER follow_up_is_whole AFTER INSERT ON follow_up DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_follow_up_is_whole();

-- grounds
CREATE TRIGGER grounds_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON grounds FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER grounds_position_is_logged AFTER INSERT ON grounds DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- holder_name
CREATE CONSTRAINT TRIGGER holder_name_appointment_id_is_logged AFTER INSERT ON holder_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('appointment_id');
CREATE CONSTRAINT TRIGGER holder_name_is_committed AFTER INSERT ON holder_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_holder_name_is_committed();
CREATE CONSTRAINT TRIGGER holder_name_is_erased AFTER DELETE ON holder_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_holder_name_is_erased();
CREATE TRIGGER holder_name_kept BEFORE UPDATE OR TRUNCATE ON holder_name FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- interval_block
CREATE TRIGGER interval_block_added AFTER INSERT ON interval_block REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_intervals_added();
CREATE TRIGGER interval_block_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON interval_block FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- inventory
CREATE TRIGGER inventory_before_closure BEFORE INSERT ON inventory FOR EACH ROW EXECUTE FUNCTION nzc_inventory_before_closure();
CREATE TRIGGER inventory_days_before_closure BEFORE UPDATE OF ends_on ON inventory FOR EACH ROW EXECUTE FUNCTION nzc_inventory_before_closure();
CREATE CONSTRAINT TRIGGER inventory_discarded_position_is_logged AFTER UPDATE OF discarded_position ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('discarded_position');
CREATE TRIGGER inventory_frozen BEFORE UPDATE ON inventory FOR EACH ROW EXECUTE FUNCTION nzc_inventory_frozen();
CREATE CONSTRAINT TRIGGER inventory_green_power_is_by_market AFTER UPDATE OF electricity_method ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_green_power_is_by_market();
CREATE CONSTRAINT TRIGGER inventory_id_is_logged AFTER INSERT ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER inventory_kept BEFORE DELETE OR TRUNCATE ON inventory FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER inventory_made BEFORE INSERT ON inventory FOR EACH ROW EXECUTE FUNCTION nzc_inventory_made();
CREATE TRIGGER inventory_meter_days_count_once AFTER UPDATE ON inventory FOR EACH ROW EXECUTE FUNCTION nzc_meter_days_count_once();
CREATE TRIGGER inventory_period_stands BEFORE INSERT ON inventory FOR EACH ROW WHEN (new.period_id IS NOT NULL) EXECUTE FUNCTION nzc_period_stands('period_id');
CREATE TRIGGER inventory_power_is_not_credited AFTER UPDATE ON inventory FOR EACH ROW WHEN (old.submitted_position IS NULL AND new.submitted_position IS NOT NULL) EXECUTE FUNCTION nzc_certified_power_is_not_credited();
CREATE CONSTRAINT TRIGGER inventory_submitted_position_is_logged AFTER UPDATE OF submitted_position ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('submitted_position');
CREATE CONSTRAINT TRIGGER inventory_verified_position_is_logged AFTER UPDATE OF verified_position ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('verified_position');

-- inventory_line
CREATE CONSTRAINT TRIGGER inventory_line_green_power_is_by_market AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.factor #>> '{zero_factor_basis,reason}'::text[]) = 'GREEN_POWER_CONTRACT'::text) EXECUTE FUNCTION nzc_green_power_is_by_market();
CREATE CONSTRAINT TRIGGER inventory_line_has_certificates AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_green_power_has_certificates();
CREATE TRIGGER inventory_line_kept BEFORE UPDATE OR TRUNCATE ON inventory_line FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER inventory_line_position_is_logged AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE TRIGGER inventory_line_recorded AFTER INSERT ON inventory_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE TRIGGER inventory_line_removed AFTER DELETE ON inventory_line REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE CONSTRAINT TRIGGER inventory_line_was_recorded AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_line_was_recorded();

-- inventory_warning
CREATE TRIGGER inventory_warning_kept BEFORE UPDATE OR TRUNCATE ON inventory_warning FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER inventory_warning_of_its_inventory AFTER INSERT ON inventory_warning REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_warning_of_its_inventory();
CREATE TRIGGER inventory_warning_recorded AFTER INSERT ON inventory_warning REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE TRIGGER inventory_warning_removed AFTER DELETE ON inventory_warning REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();

-- line_certificate
CREATE TRIGGER line_certificate_added AFTER INSERT ON line_certificate REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE TRIGGER line_certificate_append_only BEFORE UPDATE OR TRUNCATE ON line_certificate FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER line_certificate_of_its_line AFTER INSERT ON line_certificate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_certificate_of_its_line();
CREATE TRIGGER line_certificate_removed AFTER DELETE ON line_certificate REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();

-- line_gas
CREATE TRIGGER line_gas_kept BEFORE UPDATE OR TRUNCATE ON line_gas FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER line_gas_recorded AFTER INSERT ON line_gas REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE TRIGGER line_gas_removed AFTER DELETE ON line_gas REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();

-- line_meter
CREATE TRIGGER line_meter_added AFTER INSERT ON line_meter REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_line_meter_added();
CREATE TRIGGER line_meter_recorded AFTER INSERT ON line_meter REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();
CREATE TRIGGER line_meter_removed AFTER DELETE ON line_meter REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen();

-- log_checkpoint
CREATE TRIGGER log_checkpoint_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER log_checkpoint_follows AFTER INSERT ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION nzc_checkpoint_follows();

-- log_cosignature
CREATE TRIGGER log_cosignature_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log_cosignature FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- log_entry
CREATE TRIGGER log_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log_entry FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER log_entry_dense AFTER INSERT ON log_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_log_is_dense();

-- log_head
CREATE TRIGGER log_head_append_only BEFORE DELETE OR TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER log_head_follows AFTER UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION nzc_head_follows();

-- log_node
CREATE TRIGGER log_node_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log_node FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER log_node_follows AFTER INSERT ON log_node REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_node_follows();

-- log_salt
CREATE TRIGGER log_salt_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log_salt FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER log_salt_comes_with AFTER INSERT ON log_salt REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_salt_comes_with();

-- lot
CREATE TRIGGER lot_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lot FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER lot_posted AFTER INSERT ON lot REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_posted();

-- lot_spent
CREATE TRIGGER lot_spent_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lot_spent FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER lot_spent_posted AFTER INSERT ON lot_spent REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_posted();

-- management_rule
CREATE TRIGGER management_rule_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON management_rule FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER management_rule_id_is_logged AFTER INSERT ON management_rule DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER management_rule_is_as_logged AFTER INSERT ON management_rule DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_managed_is_as_logged('RULE_PUBLISHED');

-- measure
CREATE TRIGGER measure_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON measure FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER measure_id_is_logged AFTER INSERT ON measure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER measure_is_whole AFTER INSERT ON measure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_measure_is_whole('id');

-- measure_effect
CREATE TRIGGER measure_effect_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON measure_effect FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER measure_effect_id_is_logged AFTER INSERT ON measure_effect DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER measure_effect_is_whole AFTER INSERT ON measure_effect DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_measure_effect_is_whole();

-- measure_exclusion
CREATE TRIGGER measure_exclusion_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON measure_exclusion FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER measure_exclusion_is_whole AFTER INSERT ON measure_exclusion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_measure_is_whole('measure_id');
CREATE CONSTRAINT TRIGGER measure_exclusion_measure_id_is_logged AFTER INSERT ON measure_exclusion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('measure_id');

-- measure_progress
CREATE TRIGGER measure_progress_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON measure_progress FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER measure_progress_is_whole AFTER INSERT ON measure_progress DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_measure_progress_is_whole();
CREATE CONSTRAINT TRIGGER measure_progress_position_is_logged AFTER INSERT ON measure_progress DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- measure_saving
CREATE TRIGGER measure_saving_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON measure_saving FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER measure_saving_is_whole AFTER INSERT ON measure_saving DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_measure_is_whole('measure_id');
CREATE CONSTRAINT TRIGGER measure_saving_measure_id_is_logged AFTER INSERT ON measure_saving DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('measure_id');

-- meter
CREATE CONSTRAINT TRIGGER meter_ended_position_is_logged AFTER UPDATE ON meter DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('ended_position');
CREATE TRIGGER meter_ends BEFORE UPDATE ON meter FOR EACH ROW EXECUTE FUNCTION nzc_meter_ends();
CREATE CONSTRAINT TRIGGER meter_id_is_logged AFTER INSERT ON meter DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER meter_kept BEFORE DELETE OR TRUNCATE ON meter FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- meter_device
CREATE TRIGGER meter_device_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meter_device FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER meter_device_follows AFTER INSERT ON meter_device FOR EACH ROW EXECUTE FUNCTION nzc_device_follows();
CREATE CONSTRAINT TRIGGER meter_device_position_is_logged AFTER INSERT ON meter_device DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- meter_gateway
CREATE TRIGGER meter_gateway_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meter_gateway FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER meter_gateway_is_one AFTER INSERT ON meter_gateway FOR EACH ROW EXECUTE FUNCTION nzc_gateway_assigned();
CREATE CONSTRAINT TRIGGER meter_gateway_position_is_logged AFTER INSERT ON meter_gateway DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- meter_placement
CREATE TRIGGER meter_placement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meter_placement FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER meter_placement_fits AFTER INSERT ON meter_placement FOR EACH ROW EXECUTE FUNCTION nzc_meter_placed();
CREATE CONSTRAINT TRIGGER meter_placement_position_is_logged AFTER INSERT ON meter_placement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- meter_rollup
CREATE TRIGGER meter_rollup_added AFTER INSERT ON meter_rollup REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_rollups_added();
CREATE TRIGGER meter_rollup_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meter_rollup FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- milestone_reached
CREATE TRIGGER milestone_reached_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON milestone_reached FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER milestone_reached_is_whole AFTER INSERT ON milestone_reached DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_milestone_reached_is_whole();
CREATE CONSTRAINT TRIGGER milestone_reached_position_is_logged AFTER INSERT ON milestone_reached DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- monitoring_alert
CREATE TRIGGER monitoring_alert_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON monitoring_alert FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER monitoring_alert_id_is_logged AFTER INSERT ON monitoring_alert DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER monitoring_alert_opens AFTER INSERT ON monitoring_alert FOR EACH ROW EXECUTE FUNCTION nzc_alert_opens();

-- monitoring_alert_end
CREATE TRIGGER monitoring_alert_end_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON monitoring_alert_end FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER monitoring_alert_end_position_is_logged AFTER INSERT ON monitoring_alert_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- movement
CREATE TRIGGER movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON movement FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER movement_before_closure AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_retired_before_closure();
CREATE TRIGGER movement_period_stands AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_moved_into_period();
CREATE TRIGGER movement_posted AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_posted();
CREATE TRIGGER movement_referred AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_one_order();
CREATE TRIGGER movement_said AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_said();
CREATE TRIGGER movement_written_whole AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_moves_are_balanced();

-- name_erasure
CREATE TRIGGER name_erasure_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON name_erasure FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER name_erasure_is_whole AFTER INSERT ON name_erasure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_name_erasure_is_whole();
CREATE CONSTRAINT TRIGGER name_erasure_position_is_logged AFTER INSERT ON name_erasure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- organisation
CREATE TRIGGER organisation_amended BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amended();
CREATE CONSTRAINT TRIGGER organisation_id_is_logged AFTER INSERT ON organisation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER organisation_kept BEFORE DELETE OR TRUNCATE ON organisation FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- organisation_amendment
CREATE TRIGGER organisation_amendment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON organisation_amendment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER organisation_amendment_follows AFTER INSERT ON organisation_amendment FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amendment_follows();
CREATE CONSTRAINT TRIGGER organisation_amendment_holds AFTER INSERT ON organisation_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amendment_holds();
CREATE CONSTRAINT TRIGGER organisation_amendment_position_is_logged AFTER INSERT ON organisation_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- outcome
CREATE TRIGGER outcome_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON outcome FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER outcome_is_logged AFTER INSERT ON outcome REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_outcome_is_logged();

-- panel
CREATE TRIGGER panel_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON panel FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER panel_id_is_logged AFTER INSERT ON panel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER panel_is_open AFTER INSERT ON panel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open();
CREATE CONSTRAINT TRIGGER panel_is_whole AFTER INSERT ON panel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_panel_is_whole('id');

-- panel_expert
CREATE TRIGGER panel_expert_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON panel_expert FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER panel_expert_is_whole AFTER INSERT ON panel_expert DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_panel_is_whole('panel_id');
CREATE CONSTRAINT TRIGGER panel_expert_panel_id_is_logged AFTER INSERT ON panel_expert DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('panel_id');

-- panel_expert_name
CREATE CONSTRAINT TRIGGER panel_expert_name_is_erased AFTER DELETE ON panel_expert_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_expert_name_is_erased();
CREATE TRIGGER panel_expert_name_kept BEFORE UPDATE OR TRUNCATE ON panel_expert_name FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER panel_expert_name_panel_id_is_logged AFTER INSERT ON panel_expert_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('panel_id');

-- pilot
CREATE TRIGGER pilot_amended BEFORE UPDATE ON pilot FOR EACH ROW EXECUTE FUNCTION nzc_pilot_amended();
CREATE CONSTRAINT TRIGGER pilot_id_is_logged AFTER INSERT ON pilot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER pilot_kept BEFORE DELETE OR TRUNCATE ON pilot FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- pilot_amendment
CREATE TRIGGER pilot_amendment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pilot_amendment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER pilot_amendment_follows AFTER INSERT ON pilot_amendment FOR EACH ROW EXECUTE FUNCTION nzc_amendment_follows();
CREATE CONSTRAINT TRIGGER pilot_amendment_holds AFTER INSERT ON pilot_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_amendment_holds();
CREATE CONSTRAINT TRIGGER pilot_amendment_position_is_logged AFTER INSERT ON pilot_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- pilot_overlap
CREATE TRIGGER pilot_overlap_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pilot_overlap FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER pilot_overlap_comes_first AFTER INSERT ON pilot_overlap REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER pilot_overlap_position_is_logged AFTER INSERT ON pilot_overlap DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- pilot_placement
CREATE TRIGGER pilot_placement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pilot_placement FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER pilot_placement_comes_first AFTER INSERT ON pilot_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE TRIGGER pilot_placement_no_cycle AFTER INSERT ON pilot_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_not_inside_itself();
CREATE CONSTRAINT TRIGGER pilot_placement_position_is_logged AFTER INSERT ON pilot_placement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- plan
CREATE TRIGGER plan_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_id_is_logged AFTER INSERT ON plan DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER plan_is_whole AFTER INSERT ON plan DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_is_whole('id');

-- plan_material
CREATE TRIGGER plan_material_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_material FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_material_is_whole AFTER INSERT ON plan_material DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_is_whole('plan_id');
CREATE CONSTRAINT TRIGGER plan_material_plan_id_is_logged AFTER INSERT ON plan_material DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('plan_id');

-- plan_measure
CREATE TRIGGER plan_measure_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_measure FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_measure_is_whole AFTER INSERT ON plan_measure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_is_whole('plan_id');
CREATE CONSTRAINT TRIGGER plan_measure_plan_id_is_logged AFTER INSERT ON plan_measure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('plan_id');

-- plan_milestone
CREATE TRIGGER plan_milestone_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_milestone FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_milestone_is_whole AFTER INSERT ON plan_milestone DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_is_whole('plan_id');
CREATE CONSTRAINT TRIGGER plan_milestone_plan_id_is_logged AFTER INSERT ON plan_milestone DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('plan_id');

-- plan_package
CREATE TRIGGER plan_package_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_package FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_package_is_whole AFTER INSERT ON plan_package DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_is_whole('plan_id');
CREATE CONSTRAINT TRIGGER plan_package_plan_id_is_logged AFTER INSERT ON plan_package DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('plan_id');

-- plan_step
CREATE TRIGGER plan_step_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_step FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER plan_step_is_whole AFTER INSERT ON plan_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_plan_step_is_whole();
CREATE CONSTRAINT TRIGGER plan_step_position_is_logged AFTER INSERT ON plan_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- post
CREATE TRIGGER post_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON post FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER post_id_is_logged AFTER INSERT ON post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER post_is_as_logged AFTER INSERT ON post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_managed_is_as_logged('POST_ESTABLISHED');

-- potential_analysis
CREATE TRIGGER potential_analysis_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON potential_analysis FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER potential_analysis_id_is_logged AFTER INSERT ON potential_analysis DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER potential_analysis_is_whole AFTER INSERT ON potential_analysis DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_potential_analysis_is_whole();

-- project
CREATE TRIGGER project_amended BEFORE UPDATE ON project FOR EACH ROW EXECUTE FUNCTION nzc_project_amended();
CREATE CONSTRAINT TRIGGER project_id_is_logged AFTER INSERT ON project DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE TRIGGER project_kept BEFORE DELETE OR TRUNCATE ON project FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- project_amendment
CREATE TRIGGER project_amendment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON project_amendment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER project_amendment_follows AFTER INSERT ON project_amendment FOR EACH ROW EXECUTE FUNCTION nzc_project_amendment_follows();
CREATE CONSTRAINT TRIGGER project_amendment_holds AFTER INSERT ON project_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_project_amendment_holds();
CREATE CONSTRAINT TRIGGER project_amendment_position_is_logged AFTER INSERT ON project_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- project_placement
CREATE TRIGGER project_placement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON project_placement FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER project_placement_comes_first AFTER INSERT ON project_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER project_placement_position_is_logged AFTER INSERT ON project_placement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE TRIGGER project_placement_with_methodology AFTER INSERT ON project_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_placed_with_methodology();

-- proposal
CREATE TRIGGER proposal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON proposal FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER proposal_id_is_logged AFTER INSERT ON proposal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER proposal_whole AFTER INSERT ON proposal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_proposal_is_whole();

-- proposal_end
CREATE TRIGGER proposal_end_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON proposal_end FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER proposal_end_position_is_logged AFTER INSERT ON proposal_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER proposal_end_settles AFTER INSERT ON proposal_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_proposal_ended();

-- reading_batch
CREATE TRIGGER reading_batch_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reading_batch FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER reading_batch_id_is_logged AFTER INSERT ON reading_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER reading_batch_is_whole AFTER INSERT ON reading_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_batch_is_whole();
CREATE CONSTRAINT TRIGGER reading_batch_rolled AFTER INSERT ON reading_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_batch_is_rolled();

-- reconciliation
CREATE TRIGGER reconciliation_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reconciliation FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER reconciliation_id_is_logged AFTER INSERT ON reconciliation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER reconciliation_is_whole AFTER INSERT ON reconciliation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_reconciliation_is_whole();

-- register_reading
CREATE TRIGGER register_reading_added AFTER INSERT ON register_reading REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_readings_added();
CREATE TRIGGER register_reading_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON register_reading FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- request_end
CREATE TRIGGER request_end_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON request_end FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER request_end_comes_first AFTER INSERT ON request_end REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER request_end_position_is_logged AFTER INSERT ON request_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER request_end_position_moves AFTER INSERT ON request_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credits_move('position');

-- request_part
CREATE TRIGGER request_part_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON request_part FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER request_part_comes_first AFTER INSERT ON request_part REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER request_part_position_is_logged AFTER INSERT ON request_part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER request_part_position_moves AFTER INSERT ON request_part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credits_move('position');

-- retirement_request
CREATE TRIGGER retirement_request_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON retirement_request FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER retirement_request_comes_first AFTER INSERT ON retirement_request REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('id');
CREATE CONSTRAINT TRIGGER retirement_request_id_is_logged AFTER INSERT ON retirement_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER retirement_request_id_moves AFTER INSERT ON retirement_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credits_move('id');

-- rule_repeal
CREATE TRIGGER rule_repeal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON rule_repeal FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER rule_repeal_is_whole AFTER INSERT ON rule_repeal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_rule_repeal_is_whole();
CREATE CONSTRAINT TRIGGER rule_repeal_position_is_logged AFTER INSERT ON rule_repeal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- same_site
CREATE TRIGGER same_site_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON same_site FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER same_site_comes_first AFTER INSERT ON same_site REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE CONSTRAINT TRIGGER same_site_position_is_logged AFTER INSERT ON same_site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER same_site_suspected AFTER INSERT ON same_site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_found_at_one_site();

-- same_site_resolution
CREATE TRIGGER same_site_resolution_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON same_site_resolution FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER same_site_resolution_comes_first AFTER INSERT ON same_site_resolution REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position');
CREATE TRIGGER same_site_resolution_found_first AFTER INSERT ON same_site_resolution FOR EACH ROW EXECUTE FUNCTION nzc_same_site_resolved();
CREATE CONSTRAINT TRIGGER same_site_resolution_position_is_logged AFTER INSERT ON same_site_resolution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- self_evaluation
CREATE TRIGGER self_evaluation_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON self_evaluation FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER self_evaluation_id_is_logged AFTER INSERT ON self_evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER self_evaluation_is_open AFTER INSERT ON self_evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open();
CREATE CONSTRAINT TRIGGER self_evaluation_is_whole AFTER INSERT ON self_evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_self_evaluation_is_whole();

-- site
CREATE TRIGGER site_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON site FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER site_compared AFTER INSERT ON site REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_site_compared();
CREATE CONSTRAINT TRIGGER site_position_is_logged AFTER INSERT ON site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- site_visit
CREATE TRIGGER site_visit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON site_visit FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER site_visit_id_is_logged AFTER INSERT ON site_visit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER site_visit_is_open AFTER INSERT ON site_visit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open();
CREATE CONSTRAINT TRIGGER site_visit_is_whole AFTER INSERT ON site_visit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_site_visit_is_whole();

-- target
CREATE TRIGGER target_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON target FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER target_id_is_logged AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER target_is_whole AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_target_is_whole('id');
CREATE TRIGGER target_period_stands BEFORE INSERT ON target FOR EACH ROW WHEN (new.baseline_period_id IS NOT NULL) EXECUTE FUNCTION nzc_period_stands('baseline_period_id');

-- target_ceiling
CREATE TRIGGER target_ceiling_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON target_ceiling FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER target_ceiling_target_id_is_logged AFTER INSERT ON target_ceiling DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('target_id');
CREATE CONSTRAINT TRIGGER target_ceiling_target_is_whole AFTER INSERT ON target_ceiling DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_target_is_whole('target_id');

-- upkeep
CREATE TRIGGER upkeep_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON upkeep FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER upkeep_id_is_logged AFTER INSERT ON upkeep DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER upkeep_is_as_logged AFTER INSERT ON upkeep DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_managed_is_as_logged('UPKEEP_RECORDED');

-- upload
CREATE TRIGGER upload_append_only BEFORE UPDATE OR TRUNCATE ON upload FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE TRIGGER upload_stays BEFORE DELETE ON upload FOR EACH ROW EXECUTE FUNCTION nzc_upload_stays();

-- verification_opinion
CREATE TRIGGER verification_opinion_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification_opinion FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER verification_opinion_position_is_logged AFTER INSERT ON verification_opinion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
CREATE CONSTRAINT TRIGGER verification_opinion_when_verified AFTER INSERT ON verification_opinion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_opinion_when_verified();

-- webhook_cursor
CREATE TRIGGER webhook_cursor_kept BEFORE DELETE OR TRUNCATE ON webhook_cursor FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER webhook_cursor_moves AFTER INSERT OR UPDATE ON webhook_cursor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_cursor_moves();

-- webhook_delivery
CREATE TRIGGER webhook_delivery_kept BEFORE UPDATE OR TRUNCATE ON webhook_delivery FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();

-- webhook_endpoint
CREATE TRIGGER webhook_endpoint_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON webhook_endpoint FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER webhook_endpoint_id_is_logged AFTER INSERT ON webhook_endpoint DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id');
CREATE CONSTRAINT TRIGGER webhook_endpoint_is_whole AFTER INSERT ON webhook_endpoint DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_endpoint_is_whole();

-- webhook_former_secret
CREATE CONSTRAINT TRIGGER webhook_former_secret_is_replaced AFTER INSERT ON webhook_former_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_former_secret_is_replaced();
CREATE TRIGGER webhook_former_secret_kept BEFORE UPDATE OR TRUNCATE ON webhook_former_secret FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER webhook_former_secret_position_is_logged AFTER INSERT ON webhook_former_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- webhook_secret
CREATE CONSTRAINT TRIGGER webhook_secret_is_made AFTER INSERT ON webhook_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_secret_is_made();
CREATE TRIGGER webhook_secret_kept BEFORE UPDATE OR TRUNCATE ON webhook_secret FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER webhook_secret_position_is_logged AFTER INSERT ON webhook_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');

-- webhook_terms
CREATE TRIGGER webhook_terms_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON webhook_terms FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only();
CREATE CONSTRAINT TRIGGER webhook_terms_are_whole AFTER INSERT ON webhook_terms DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_terms_are_whole();
CREATE CONSTRAINT TRIGGER webhook_terms_position_is_logged AFTER INSERT ON webhook_terms DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position');
