"""The parts of a planned food system, by which mechanisms are listed."""

# key in declarations and JSON: what a person reads
PARTS = {
    "S1": "outside aid and trade",
    "S2": "search for coal and oil",
    "S3": "settlement beside work",
    "S4": "small rural industry",
    "S5": "land and labour of the commune",
    "S6": "communal dining",
    "S7": "technical training",
    "S8": "targets and reports",
    "S9": "procurement and state stocks",
    "S10": "relief and sharing of food",
    "S11": "weather",
    "S12": "land works",
    "S13": "reward for labour",
    "S14": "audits",
    "S15": "policy",
    "S16": "bodies, births, deaths and their registration",
}
POLICY = "S15"  # of every mechanism with a lever: regimes are made of their settings


def labels(keys: tuple[str, ...] | list[str]) -> list[str]:
    """Return the parts with these keys in words; a word that is no key stays as it is."""
    return [PARTS.get(key, key) for key in keys]
