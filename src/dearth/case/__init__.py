"""What a user brings: the case folder, read, checked, scaffolded."""
