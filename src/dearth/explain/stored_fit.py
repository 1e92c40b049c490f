"""Fits on disk: those that ship with a case, and those made here, used while their identity holds."""

import io
import json
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np

from dearth.case.atomic_files import write_file
from dearth.case.read import Case
from dearth.explain.chains import Chains
from dearth.explain.fit import Fit, LeftOut
from dearth.explain.problem import FitProblem
from dearth.explain.targets import rows_of
from dearth.numerics.array_archive import archive
from dearth.numerics.cache_folder import cache_folder
from dearth.reconstruction.identity import identify, without_texts
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.system.scenario import read_scenario

# Raise this number by hand whenever a simulation, a target or its error, or the form of a stored fit changes.
# The test of stored simulations fails when a simulation changed by more than rounding.
SIMULATOR_VERSION = 4
DRAWS = 480  # kept of a fit; half precision keeps a standard normal unknown to 0.002


def identity(case: Case, registration: str) -> str:
    """Return what identifies a fit: simulator, scenario, targets, posterior, registration scenario.

    Texts for readers do not enter: a fit stays valid when a note or a label changes.
    """
    settings = case.settings
    figures = [
        [row.series, row.variable, row.year, row.base]
        for chosen in settings.targets
        for row in rows_of(case, chosen)
    ]
    parts = {
        "simulator": SIMULATOR_VERSION,
        "scenario": without_texts(read_scenario(case.folder).model_dump(mode="json")),
        "settings": settings.model_dump(mode="json", include={"targets", "window", "normal_years"}),
        "figures": sorted(figures, key=repr),
        "posterior": identify(case).sha256,
        "registration": registration,
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def to_bytes(found: Fit, name: str) -> bytes:
    """Return a fit as a NumPy archive with a JSON header; `name` is its identity."""
    chains, draws, _ = found.chains.z.shape
    at = np.linspace(0, draws - 1, max(1, min(draws, DRAWS // chains))).round().astype(int)
    head = {
        "identity": name,
        "registration": found.registration,
        "unknowns": [one.name for one in found.problem.space.unknowns],
        "diagnostics": asdict(found.diagnostics),
        "agreement": found.agreement,
        "refused": found.refused,
        "left_out": [asdict(one) for one in found.left_out],
        "modes": found.modes,
        "misfit": found.misfit,
        "accepted": found.chains.accepted,
        "step": found.chains.step,
        "powers": found.chains.powers,
        "exchanges": found.chains.exchanges,
    }
    return archive(
        head=np.array(json.dumps(head)), z=found.chains.z[:, at].astype(np.float16),
        loss=found.chains.loss[:, at].astype(np.float32), influence=found.influence,
    )  # fmt: skip


def from_bytes(content: bytes, problem: FitProblem) -> Fit:
    """Return the fit that `to_bytes` wrote, its unknowns found in `problem`.

    Raises
    ------
    ValueError
        When the problem lacks an unknown of the fit.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        head = json.loads(str(arrays["head"]))
        z, loss, influence = (np.asarray(arrays[name], float) for name in ("z", "loss", "influence"))
    known = {one.name: one for one in problem.space.unknowns}
    missing = [name for name in head["unknowns"] if name not in known]
    if missing:
        raise ValueError(f"the scenario has no unknown '{missing[0]}'")
    return Fit(
        head["registration"], problem.keeping([known[name] for name in head["unknowns"]]),
        Chains(
            z, loss, head["accepted"], head["step"], head["diagnostics"]["divergences"],
            tuple(head["powers"]), tuple(head["exchanges"]),
        ),
        Diagnostics(**head["diagnostics"]),
        head["agreement"], tuple(head["refused"]), influence,
        tuple(LeftOut(**one) for one in head["left_out"]), tuple(head["modes"]), tuple(head["misfit"]),
    )  # fmt: skip


def shipped_path(case: Case, registration: str) -> Path:
    """Return where a fit that ships with a bundled case lies."""
    return Path(str(files("dearth"))) / "fits" / f"{case.name}-{registration}.npz"


def has_stored(case: Case) -> bool:
    """Whether any fit of the case ships or stands in this user's folder; says nothing of its identity."""
    folder = cache_folder()
    own = folder is not None and any((folder / "simulator-fits").glob("*.npz"))
    return own or any(shipped_path(case, "").parent.glob(f"{case.name}-*.npz"))


def _own_path(name: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / "simulator-fits" / f"{name}.npz"


def fit_path(case: Case, registration: str) -> Path | None:
    """Return where this user's fit lies; None where nothing is cached."""
    return _own_path(identity(case, registration))


def parts_folder(case: Case, registration: str) -> Path | None:
    """Return where the parts of a fit stand while it runs; None where nothing is cached."""
    path = _own_path(identity(case, registration))
    return None if path is None else path.with_suffix(".parts")


def read_fit(case: Case, problem: FitProblem, registration: str) -> tuple[Fit | None, str]:
    """Return the fit of the present case and "", or None and why there is none."""
    name = identity(case, registration)
    stale = ""
    for path in (_own_path(name), shipped_path(case, registration)):
        if path is None or not path.is_file():
            continue
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            theirs = json.loads(str(arrays["head"]))["identity"]
        if theirs == name:
            return from_bytes(content, problem), ""
        stale = "the scenario, its evidence or the simulator changed after the fit was made; "
    return (
        None,
        f"{stale or 'no fit of this scenario is stored; '}make one with "
        f"'dearth fit {case.name} --scenario {registration} --refit'",
    )


def keep_fit(case: Case, found: Fit) -> Path | None:
    """Write a fit into the folder of this user's fits and return the file; None where nothing is cached."""
    name = identity(case, found.registration)
    path = _own_path(name)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, to_bytes(found, name))
    return path
