"""Green certificates (绿证): whose renewable power is claimed, once. Known to inventories, which claim it, and to the
ledger, whose reductions may be of the same power; neither learns of the other."""
