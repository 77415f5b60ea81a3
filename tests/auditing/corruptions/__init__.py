"""What is done to a ledger behind its back, by whose rows it changes; the check that must find it, of those that do.

A statement may name positions of the sample: ``{retired}``, ``{used}`` and others (`tests.auditing.sample.POSITIONS`).
"""

from tests.auditing.corruptions import (
    batches,
    inventories,
    log,
    lots,
    meters,
    orders,
    pilots,
    projects,
    rooms,
)

MODULES = (log, pilots, projects, inventories, batches, lots, orders, meters, rooms)
CORRUPTIONS = {
    name: corruption for module in MODULES for name, corruption in module.CORRUPTIONS.items()
}
assert len(CORRUPTIONS) == sum(len(module.CORRUPTIONS) for module in MODULES), "a name twice"
