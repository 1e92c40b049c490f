"""The estimator on trial: from full records to a table, the same for the same seed, resumed when killed."""

import json
import pickle
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.from_downloads import new_from_hmd
from dearth.case.problems import CaseError
from dearth.case.read import Case, load
from dearth.cli import app
from dearth.ensemble.executor import InProcess
from dearth.ensemble.processes import LocalProcesses
from dearth.show.terminal_trials import lines, rows
from dearth.show.trials_page import write_trials
from dearth.trials import replicates
from dearth.trials.estimator import QUANTITIES, SETTINGS
from dearth.trials.full_records import own_window, read_archive
from dearth.trials.recovery import Asked, recover
from dearth.trials.replicates import Found, run
from dearth.trials.scores import coverage, ranks, scores
from dearth.trials.tiers import TIERS
from dearth.trials.trial_plan import Replicate, plan
from hmd_extracts import hmd_files
from test_full_records import valley_as_hmd

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "recover-v1.json"
SHORT = replace(SETTINGS, chains=2, warmup=20, draws=40, rounds=1, chunk=20)


@pytest.fixture(scope="module")
def dale(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("dale")
    made = new_from_hmd(folder / "dale", valley_as_hmd(folder / "in"), "1911-1912", all_ages=True)
    return load(str(made))


def test_the_truth_is_the_register(dale: Case) -> None:
    archive = read_archive(dale)
    truth = archive.cut(*own_window(dale), later=False)
    evidence = dale.evidence.series("hmd/deaths").by_year
    assert truth.deaths[5:7].sum() == pytest.approx(evidence[1911] + evidence[1912], rel=1e-6)
    assert truth.quantities().deaths == pytest.approx(evidence[1911] + evidence[1912], rel=1e-6)
    assert truth.births[5] == pytest.approx(dale.evidence.series("hmd/births").by_year[1911])
    assert truth.stocks[0].sum() == pytest.approx(
        dale.evidence.series("hmd/population_yearend_total").by_year[1905], rel=1e-6
    )


def test_windows_without_all_they_need_are_refused(dale: Case) -> None:
    archive = read_archive(dale)
    with pytest.raises(CaseError, match="needs deaths, births and people by age of 1906 to 1935"):
        archive.cut(1911, 2, later=True)
    with pytest.raises(CaseError, match="not all are available"):
        archive.cut(1903, 2, later=False)
    found = archive.windows(2, later=False)
    assert found == list(range(1905, found[-1] + 1))  # five years before each are held
    with pytest.raises(CaseError, match="not all are available"):
        archive.cut(found[-1] + 1, 2, later=False)


def test_windows_too_long_are_refused(dale: Case) -> None:
    archive = read_archive(dale)
    with pytest.raises(CaseError, match="a window of 5 years"):
        archive.cut(1911, 5, later=False)


def test_kinds_of_which_there_is_none_are_told(dale: Case) -> None:
    with pytest.raises(CaseError, match="no window of kind 'emigration'"):
        recover(dale, Asked(windows="emigration", replicates=1), keep=False)
    with pytest.raises(CaseError, match="no scenario to simulate"):
        recover(dale, Asked(windows="histories", replicates=2), keep=False)


def test_a_killed_trial_goes_on_to_the_same_table(
    dale: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = read_archive(dale).cut(1909, 2, later=False)
    planned_trials = plan([truth], TIERS[1], 3, 5)
    whole = run(planned_trials, settings=SHORT)
    run(planned_trials[:2], settings=SHORT, keep=tmp_path)
    assert len(list(tmp_path.glob("replicate-*.json"))) == 2
    # one cut off in the middle is made anew
    (tmp_path / "replicate-00001.json").write_text('{"identity": "', encoding="utf-8")
    computed: list[int] = []
    compare = replicates.compare
    monkeypatch.setattr(
        replicates, "compare", lambda r, *rest: computed.append(r.number) or compare(r, *rest)
    )
    again = run(planned_trials, settings=SHORT, keep=tmp_path)
    assert sorted(computed) == [1, 2]  # workers may finish in any order
    assert again == whole


def test_with_an_executor_the_caller_keeps_what_is_found(
    dale: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = read_archive(dale).cut(1909, 2, later=False)
    planned_trials = plan([truth], TIERS[1], 4, 5)
    pickle.loads(pickle.dumps(replicates.ReplicateTask(tuple(planned_trials), SHORT, None)))
    begun: list[int] = []

    def compare(r: Replicate, *rest: Any) -> Found:
        begun.append(r.number)
        if begun == [0, 1, 2]:
            raise KeyboardInterrupt
        return found(r.number, 1 / 3, 110, 100)

    monkeypatch.setattr(replicates, "estimator", lambda *given: Namespace(like=None))
    monkeypatch.setattr(replicates, "compare", compare)
    with pytest.raises(KeyboardInterrupt):
        run(planned_trials, settings=SHORT, keep=tmp_path, executor=InProcess())
    assert begun == [0, 1, 2]
    seen: list[int] = []
    again = run(planned_trials, settings=SHORT, keep=tmp_path, executor=InProcess(),
                progress=lambda done, total: seen.append(done))  # fmt: skip
    assert begun == [0, 1, 2, 2, 3]  # what was found before is not computed again
    assert seen == [3, 4]
    assert again == [found(number, 1 / 3, 110, 100) for number in range(4)]
    assert run(planned_trials, settings=SHORT, keep=tmp_path) == again  # and without it the same files serve
    assert len(begun) == 5


@pytest.mark.slow  # a worker process compiles the estimator too
def test_worker_processes_find_the_same(dale: Case, tmp_path: Path) -> None:
    truth = read_archive(dale).cut(1909, 2, later=False)
    planned_trials = plan([truth], TIERS[1], 3, 5)
    whole = run(planned_trials, settings=SHORT)
    run(planned_trials[:1], settings=SHORT, keep=tmp_path)
    seen: list[int] = []
    with LocalProcesses(1) as executor:
        found = run(planned_trials, settings=SHORT, keep=tmp_path, executor=executor,
                    progress=lambda done, total: seen.append(done))  # fmt: skip
    assert found == whole
    assert seen == [2, 3]  # one was there already
    assert run(planned_trials, settings=SHORT, keep=tmp_path) == whole
    assert len(list(tmp_path.glob("replicate-*.json"))) == 3


def interrupted_then_whole(case: Case, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Break a trial off half-way and call it again: the table must be that of one never broken off."""
    whole = recover(case, asked, settings=SHORT, keep=False)
    compare, begun = replicates.compare, []

    def breaks(r: Replicate, *rest: Any) -> Found:
        begun.append(r.number)
        if len(begun) > asked.replicates // 2:
            raise KeyboardInterrupt
        return compare(r, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(replicates, "compare", breaks)
        with pytest.raises(KeyboardInterrupt):
            recover(case, asked, settings=SHORT)
    computed: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(
            replicates, "compare", lambda r, *rest: computed.append(r.number) or compare(r, *rest)
        )
        again = recover(case, asked, settings=SHORT)
    assert 0 < len(computed) < asked.replicates
    assert again.document == whole.document
    return again.document


@pytest.mark.slow  # its short sibling is the test of a killed trial
def test_a_trial_broken_off_goes_on_to_the_same_document(
    dale: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))
    interrupted_then_whole(dale, Asked(tier=1, replicates=6, windows="1909-1910", seed=4), monkeypatch)
    assert not list(tmp_path.rglob("replicate-*.json"))  # nothing is left when all are done


@pytest.mark.slow
def test_on_the_swedish_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path / "cache"))
    made = new_from_hmd(tmp_path / "sweden", hmd_files("sweden", tmp_path / "in"), "1772-1773", all_ages=True)
    document = interrupted_then_whole(load(str(made)), Asked(tier=5, replicates=6, seed=4), monkeypatch)
    assert [t["window"] for t in document["trials"]] == ["Sweden 1772-1773"] * 6
    # the register's own: 181,501 died in the two years
    assert {round(t["truth"]["deaths"]) for t in document["trials"]} == {181_501}


def test_the_document_follows_its_schema(dale: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARTH_CACHE", "off")
    made = recover(dale, Asked(tier=1, replicates=2, windows="1909-1910", seed=2), settings=SHORT)
    document = json.loads(json.dumps(made.document, allow_nan=False))
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert len(document["trials"]) == 2
    out = write_trials(made, tmp_path / "page", "dearth recover dale", {"dale": "abc"})
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs_sha256"] == {"dale": "abc"}
    assert manifest["versions"]["code"]
    assert "Made by `dearth recover dale`" in (out / "recover.md").read_text(encoding="utf-8")
    assert len((out / "trials.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert len(rows(made)) == 7
    assert all(isinstance(line, str) for line in lines(made))


def found(number: int, low: float, high: float, truth: float, corner: bool = False) -> Found:
    ends = {str(level): [low, high] for level in (50, 80, 90, 95)}
    return Found(
        number, "Dale 1900", "A", 1, corner, {}, dict.fromkeys(QUANTITIES, truth),
        dict.fromkeys(QUANTITIES, ends), dict.fromkeys(QUANTITIES, (low + high) / 2),
        dict.fromkeys(QUANTITIES, 0.35), 4.2, ["prior and records disagree about migration[3]"], {}, [],
    )  # fmt: skip


def test_scores_reckoned_by_hand() -> None:
    held = [found(0, 90, 110, 100), found(1, 90, 110, 120), found(2, 50, 60, 100, corner=True)]
    assert coverage(held, "deaths")["90"] == pytest.approx(2 / 3 - 1 / 3)
    assert ranks(held, "deaths") == [0, 0, 0, 3, 0, 0, 0, 0, 0, 0]
    made = scores(held)
    assert made.used == 2
    assert made.coverage["90"] == 0.5
    assert made.worst_corner_coverage90 == 0.0
    assert made.width_over_toll == pytest.approx(np.median([20 / 100, 20 / 120]))
    # inside: the width; outside by 10: the width and 2 / 0.1 times it
    assert made.interval_score == pytest.approx((20 / 100 + (20 + 200) / 120) / 2)
    assert made.warned == 1.0
    assert made.called_excess == 1.0


def test_refused_replicates_are_counted_and_not_scored() -> None:
    bad = replace(found(1, 0, 1, 100), refused=["R-hat 1.2 is above 1.05"])
    made = scores([found(0, 90, 110, 100), bad])
    assert (made.used, made.refused) == (1, 1)
    assert made.coverage["90"] == 1.0


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--tier", "9"], "9 is no tier"), (["--replicates", "0"], "give 1 or more"),
     (["--windows", "sometimes"], "own, all, quiet"), (["--degrade", "Z"], "no degradation"),
     (["--windows", "1850-1851"], "are available"), (["--windows", "1908-1916"], "1 to 4 can be tried"),
     (["--calibrate", "--tier", "7"], "not degraded"), (["--out", "."], "already there")],
)  # fmt: skip
def test_mistakes_are_told(dale: Case, words: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["recover", str(dale.folder), *words])
    assert done.exit_code != 0
    assert told in str(done.exception) + done.output


def test_a_case_without_full_records_is_refused() -> None:
    with pytest.raises(CaseError, match="needs full records"):
        recover(load("finland-1866"), Asked(replicates=1))


@pytest.mark.slow
def test_ranks_are_even_where_truths_come_from_the_model(dale: Case) -> None:
    asked = Asked(tier=4, replicates=40, windows="1909-1910", seed=3, calibrate=True)
    made = recover(dale, asked, keep=False)
    histogram = np.array(made.scores.rank_histogram["deaths"])
    # of 30 even ranks in ten bins the sum of squares over expectation has mean 9 and sd 4.2
    assert ((histogram - histogram.sum() / 10) ** 2).sum() / (histogram.sum() / 10) < 9 + 4 * 4.2
    assert made.scores.coverage["90"] > 0.75
