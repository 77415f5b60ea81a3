"""Alembic's entry: runs the migrations on the connection that ``nzc migrate`` hands over."""

from alembic import context

import nzc_api.access.tables
import nzc_api.documents.tables
import nzc_api.evaluation.tables
import nzc_api.finance.tables
import nzc_api.inventories.tables
import nzc_api.ledger.reconciling.tables
import nzc_api.ledger.tables
import nzc_api.log.tables
import nzc_api.management.tables
import nzc_api.measures.tables
import nzc_api.metering.tables
import nzc_api.monitoring.tables
import nzc_api.pilots.tables
import nzc_api.plans.tables
import nzc_api.selection.tables
import nzc_api.targets.tables  # noqa: F401  (each import adds its room's tables)
from nzc_api.database.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
