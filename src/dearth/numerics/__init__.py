"""Numbers without a subject: named random streams."""
