"""A fit that was killed goes on from its parts on disk, to the same numbers."""

from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from dearth.case.read import load
from dearth.explain import chains, stored_fit
from dearth.explain import fit as fits
from dearth.explain.fit import Fit, FitSettings, Means, fit
from dearth.explain.targets import Block
from dearth.explain.unknowns import Unknown

SIZE = 4
SHORT = FitSettings(searches=2, chains=4, warm_up=30, draws=25, turns=(4, 8))


@dataclass(frozen=True)
class Line:
    """Unknowns whose weighted sums are recorded; the last one moves nothing."""

    names: tuple[str, ...] = ("a", "b", "c", "idle")

    @property
    def space(self) -> Any:
        unknowns = tuple(Unknown(name, "parameter") for name in self.names)
        return type("Space", (), {"unknowns": unknowns, "size": len(unknowns)})

    @property
    def about(self) -> str:
        return " ".join(self.names)

    @property
    def values(self) -> np.ndarray:
        return np.array([1.0, -0.5, 20.0])

    @property
    def targets(self) -> tuple[Block, ...]:
        return (Block("sums", "sums", ("one", "two", "far"), self.values, np.eye(3)),)

    def observed(self, z: np.ndarray) -> np.ndarray:
        weights = np.array([[2.0, 0.5, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
        return z @ weights[:, : z.shape[1]].T

    def residuals(self, z: np.ndarray) -> np.ndarray:
        return self.observed(z) - self.values

    def keeping(self, unknowns: Any) -> "Line":
        return Line(tuple(one.name for one in unknowns))


def density_of(problem: Line) -> Any:
    def density(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        apart = problem.residuals(z)
        weights = problem.observed(np.eye(z.shape[1])).T
        return -0.5 * (apart**2).sum(1) - 0.5 * (z**2).sum(1), -apart @ weights - z

    return density


@pytest.fixture(autouse=True)
def _analytic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "density_of", density_of)


def made(folder: Path | None = None, settings: FitSettings = SHORT) -> Fit:
    return fit(Line(), "full", settings, 5, lambda text, share=None: None, Means(folder=folder))  # type: ignore[arg-type]


def test_a_killed_fit_goes_on_to_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made()
    calls = []
    paths = chains.paths

    def counted(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 5:  # warm-up of two groups, then the first turn of both
            raise KeyboardInterrupt
        return paths(*given)

    monkeypatch.setattr(chains, "paths", counted)
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path)
    before = len(calls)
    again = made(tmp_path)
    assert np.array_equal(again.chains.z, whole.chains.z)
    assert len(calls) - before == 2 * (SHORT.turns[1] + 1) - 4  # the rest alone


def test_what_a_fit_finds() -> None:
    found = made(settings=replace(SHORT, chains=8, warm_up=60, draws=300, turns=(1, 1)))
    assert found.left_out[0].name == "idle"
    weights = Line().observed(np.eye(SIZE)).T[:, :3]
    precision = weights.T @ weights + np.eye(3)
    mean = np.linalg.solve(precision, weights.T @ Line().values)
    every = found.chains.z.reshape(-1, 3)
    assert every.mean(0) == pytest.approx(mean, abs=0.1)
    assert np.cov(every.T) == pytest.approx(np.linalg.inv(precision), abs=0.1)
    apart = weights @ mean - Line().values
    assert found.misfit == tuple(
        f"sums, {name}: the best simulation lies {value:+.1f} standard errors from the record"
        for name, value in zip(("one", "two", "far"), apart, strict=True)
        if abs(value) > 3
    )
    assert len(found.misfit) == 2


def test_another_turn_is_made_until_the_gates_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "refusals", lambda found, limit: ["too few"] if found.draws < 4 * 75 else [])
    found = made()
    assert found.chains.z.shape[:2] == (4, 75)
    monkeypatch.setattr(fits, "refusals", lambda found, limit: ["too few"])
    found = made()
    assert found.chains.z.shape[:2] == (4, 150)
    assert found.refused[0] == "too few"
    assert not found.fitted


def test_a_fit_stays_valid_when_a_text_changes_and_not_when_a_number_does(tmp_path: Path) -> None:
    folder = copytree(load("valley").folder, tmp_path / "valley")
    before = stored_fit.identity(load(folder), "full")
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text("# a remark\n" + text.replace("label: Weather", "label: The weather"), encoding="utf-8")
    assert stored_fit.identity(load(folder), "full") == before
    file.write_text(text.replace("total: 5.4", "total: 5.5"), encoding="utf-8")
    assert stored_fit.identity(load(folder), "full") != before
    file.write_text(text, encoding="utf-8")
    assert stored_fit.identity(load(folder), "full") == before
    assert stored_fit.identity(load(folder), "fell") != before


def test_a_fit_of_another_form_or_simulator_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load("valley")
    now = stored_fit.identity(case, "full")
    assert stored_fit.identity(case, "full") == now
    monkeypatch.setattr(stored_fit, "SIMULATOR_VERSION", stored_fit.SIMULATOR_VERSION - 1)
    assert stored_fit.identity(case, "full") != now
