"""A fit is kept on disk while it runs: called again alike it is read back, to the same numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dearth.case.read import load
from dearth.numerics.hmc import Sampler
from dearth.reconstruction import sampling
from dearth.reconstruction.fit import SETTINGS, fit

FINLAND = load("finland-1866")
TINY = replace(SETTINGS, chains=2, warmup=25, draws=50, rounds=1)


def test_a_fit_called_again_goes_on_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = tmp_path / "fit"
    told: list[tuple[str, int, int]] = []
    first = fit(
        FINLAND, settings=TINY, leave_one_out=False, progress=lambda *step: told.append(step), keep=keep
    )
    assert told[-1] == ("posterior", 150, 150)  # two scenarios of 75 iterations
    assert len(list(keep.glob("*/part-*.npz"))) >= 2

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("sampled again")

    monkeypatch.setattr(Sampler, "start", refuse)
    again = fit(FINLAND, settings=TINY, leave_one_out=False, keep=keep)
    for name, values in first.draws.seen.items():
        assert np.array_equal(values, again.draws.seen[name])
    again.keeper.clear()
    assert not keep.exists()


def test_readings_do_not_share_random_numbers() -> None:
    made = fit(FINLAND, settings=TINY, leave_one_out=False)
    full, nearly = (np.asarray(made.draws.seen["theta"][at]) for at in (0, 1))
    assert not np.allclose(full, nearly)


def test_fits_are_kept_where_caches_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))
    one, other = (sampling.kept_in(FINLAND, replace(TINY, seed=seed)) for seed in (1, 2))
    assert one is not None
    assert one.parent == tmp_path / "fits"
    assert one != other
    monkeypatch.setenv("DEARTH_CACHE", "off")
    assert sampling.kept_in(FINLAND, TINY) is None
