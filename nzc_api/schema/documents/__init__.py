"""Documents that something rests on."""
