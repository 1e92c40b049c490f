"""How many: excess deaths and births lost, kept apart, under every stated assumption."""
