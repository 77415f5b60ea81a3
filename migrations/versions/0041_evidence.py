"""What documents are attached to: plans, measures, financings, management, evaluations and findings, too. The guard is
stated anew; nothing else changes."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# Replaces 0018's.
DOCUMENT_IS_WHOLE = f"""
CREATE OR REPLACE FUNCTION nzc_document_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.pilot_id IS DISTINCT FROM (
        CASE NEW.subject_kind
        WHEN 'Pilot' THEN (SELECT id FROM pilot WHERE id = NEW.subject_id)
        WHEN 'Inventory' THEN (SELECT pilot_id FROM inventory WHERE id = NEW.subject_id)
        WHEN 'Target' THEN (SELECT pilot_id FROM target WHERE id = NEW.subject_id)
        WHEN 'EmissionSource' THEN (
            SELECT i.pilot_id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
             WHERE l.id = NEW.subject_id AND l.role = 'SOURCE')
        WHEN 'Sink' THEN (
            SELECT i.pilot_id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
             WHERE l.id = NEW.subject_id AND l.role = 'SINK')
        WHEN 'Plan' THEN (SELECT pilot_id FROM plan WHERE id = NEW.subject_id)
        WHEN 'Measure' THEN (SELECT pilot_id FROM measure WHERE id = NEW.subject_id)
        WHEN 'Financing' THEN (SELECT pilot_id FROM financing WHERE id = NEW.subject_id)
        WHEN 'Post' THEN (SELECT pilot_id FROM post WHERE id = NEW.subject_id)
        WHEN 'Duty' THEN (SELECT pilot_id FROM duty WHERE id = NEW.subject_id)
        WHEN 'ManagementRule' THEN (SELECT pilot_id FROM management_rule WHERE id = NEW.subject_id)
        WHEN 'Upkeep' THEN (SELECT pilot_id FROM upkeep WHERE id = NEW.subject_id)
        WHEN 'Evaluation' THEN (SELECT pilot_id FROM evaluation WHERE id = NEW.subject_id)
        WHEN 'EvaluationFinding' THEN (
            SELECT e.pilot_id FROM finding AS f JOIN evaluation AS e ON e.id = f.evaluation_id
             WHERE f.id = NEW.subject_id)
        END) THEN
        PERFORM nzc_refuse('document_of_its_pilot', format('document %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM attachment
                    WHERE subject_id = NEW.subject_id AND document_id = NEW.id) THEN
        PERFORM nzc_refuse('document_is_attached', format('document %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'DOCUMENT_ATTACHED'
                      AND body = to_jsonb(NEW) - '{{id,name,pilot_id,subject_id}}'::text[]
                                 || jsonb_build_object('pilot', NEW.pilot_id, 'subject', NEW.subject_id)) THEN
        PERFORM nzc_refuse('document_is_as_logged', format('document %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """State the guard anew."""
    op.execute(DOCUMENT_IS_WHOLE)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
