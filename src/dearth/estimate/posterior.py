"""The reconstruction a call shows: shipped with the case, kept from an earlier fit, or fitted now."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.reconstruction.posterior_cache import keep, kept
from dearth.reconstruction.shipped_posteriors import shipped
from dearth.reconstruction.trial_record import with_trial_record

SHORTCUTS = {"leave_one_source_out": "leave-one-source-out", "places": "places"}
NEARLY = 1.1  # R-hat below which longer chains may pass the gate


def posterior(
    case: Case,
    again: bool,
    leave_one_out: bool,
    places: bool,
    seed: int,
    quick: bool,
    progress: Callable[..., None],
) -> tuple[Posterior | None, str]:
    """Return the reconstruction, fitted now or as shipped or kept, and why there is none.

    Parameters
    ----------
    again
        Fit it, unless the same fit of the same inputs is kept; else the shipped one, or one kept here.

    Raises
    ------
    CaseError
        When a fit is asked for and the case declares none, or lacks what one needs.
    """
    if not again:
        held, why = shipped(case)
        if held is not None:
            return with_trial_record(case, held), why
        mine, of = kept(case)
        return (None, why) if mine is None else (with_trial_record(case, mine), _as_fitted(of or {}))
    if case.settings.reconstruction is None:
        raise mistake("case.yaml", "the case declares no 'reconstruction', so there is nothing to fit; "
                      "see docs/reconstruction.md", field="reconstruction")  # fmt: skip
    # the sampler is slow to import: only who fits waits for it
    from dearth.reconstruction.fit import QUICK, SETTINGS
    from dearth.reconstruction.sampling import kept_in
    from dearth.reconstruction.summary import fit_posterior

    def tell(what: str, done: int, total: int) -> None:
        progress(f"reconstruction, {what}", done / total)

    settings = replace(QUICK if quick else SETTINGS, seed=seed)
    leave_one_out, places = leave_one_out and not quick, places and not quick
    asked = json.loads(
        json.dumps({"settings": asdict(settings), "leave_one_source_out": leave_one_out, "places": places})
    )
    made, of = kept(case)
    if made is None or of != asked:
        progress("reconstruction, preparing (compiling, finding the posterior's shape)")
        made = fit_posterior(
            case, settings=settings, leave_one_out=leave_one_out, places=places, progress=tell,
            keep=kept_in(case, settings),
        )  # fmt: skip
        keep(case, asked, made)
    refused = [f"{one.name} is refused: {'; '.join(one.refused)}" for one in made.scenarios if one.refused]
    if refused and quick and all(_nearly(scenario) for scenario in made.scenarios):
        refused.append("--quick draws few: leave it out for a longer fit")
    return with_trial_record(case, made), "; ".join(refused)


def posterior_with_draws(case: Case) -> Posterior:
    """Return the posterior that ships with a case, or the one kept here, with its thinned draws.

    Raises
    ------
    CaseError
        When there is none that fits the present case.
    """
    found, why = shipped(case, draws=True)
    if found is None:
        found, _ = kept(case, draws=True)
    if found is None:
        why = why or "the case declares no 'reconstruction'; see docs/reconstruction.md"
        raise mistake("case.yaml", f"there is no posterior of {case.name}: {why}", field="reconstruction")
    return with_trial_record(case, found)


def _as_fitted(asked: dict[str, Any]) -> str:
    """Return how a kept posterior was asked for: a short fit is not passed off as a long one."""
    drawn = asked.get("settings", {})
    parts = [f"fitted here before, {drawn.get('draws')} draws a chain at first, seed {drawn.get('seed')}"]
    parts += [f"without {what}" for key, what in SHORTCUTS.items() if not asked.get(key)]
    return ", ".join(parts)


def _nearly(scenario: ScenarioPosterior) -> bool:
    """Return whether more draws may bring a scenario through the gates: its chains agree nearly."""
    return scenario.diagnostics.rhat_max < NEARLY
