"""Other names of mechanisms: accepted wherever a mechanism is named, listed by `dearth mechanisms`."""

ALIASES = {
    "dining_halls": "communal_dining",
    "public_dining_halls": "communal_dining",
    "plots": "private_plots",
}


def canonical(setting: str) -> str:
    """Return a mechanism, or one of its settings, by the mechanism's id."""
    name, dot, parameter = setting.partition(".")
    return f"{ALIASES.get(name, name)}{dot}{parameter}"


def aliases(mechanism: str) -> list[str]:
    """Return the other names of a mechanism."""
    return [name for name, of in ALIASES.items() if of == mechanism]
