"""The ledger of carbon credits: issued, transferred, retired; every tonne in one place."""
