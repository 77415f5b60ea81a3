"""What inventories and ledger say together: the net emissions of a pilot in a period."""
