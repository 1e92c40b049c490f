"""How it happened: a food system run month by month, place by place."""
