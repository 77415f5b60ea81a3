"""Green certificates, which inventories claim and the ledger heeds."""
