"""Files as registries and people write them."""
