"""`dearth new --from-case` copies a bundled case whole, under another name; it refuses the rest."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.case.from_case import new_from_case
from dearth.case.problems import CaseError
from dearth.case.read import bundled, load
from dearth.cli import app

REWRITTEN = {"case.yaml", "README.md", "datapackage.json", "case-v1.json"}


@pytest.mark.parametrize("source", sorted(bundled()))
def test_a_copy_is_a_sound_case_with_the_same_figures(source: str, tmp_path: Path) -> None:
    original = load(source)
    copy = load(new_from_case(tmp_path / "mine", source))
    assert copy.name == "mine"
    assert list(map(repr, copy.evidence)) == list(map(repr, original.evidence))  # nan is not nan
    assert copy.settings.model_copy(update={"name": source}) == original.settings
    files = {path.relative_to(bundled()[source]) for path in bundled()[source].rglob("*") if path.is_file()}
    for path in files:
        same = (tmp_path / "mine" / path).read_bytes() == (bundled()[source] / path).read_bytes()
        assert same or path.name in REWRITTEN, path
    assert f"bundled case `{source}`" in (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert '"name": "mine"' in (tmp_path / "mine" / "datapackage.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("mine", "vally", "'vally' is none of the cases that 'dearth cases' lists — did you mean 'valley'?"),
        ("mine", "", "is none of the cases"),
        ("valley", "valley", "give the copy a name of its own, e.g. my-valley"),
        ("-x", "valley", "is no name for a case"),
    ],
)
def test_what_cannot_be_copied_is_refused_and_leaves_nothing(
    name: str, source: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(CaseError, match=r".") as raised:
        new_from_case(tmp_path / name, source)
    assert message in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_unchanged(tmp_path: Path) -> None:
    new_from_case(tmp_path / "mine", "finland-1866")
    before = {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()}
    with pytest.raises(CaseError, match="is already there"):
        new_from_case(tmp_path / "mine", "valley")
    assert before == {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()}


def test_the_verb_copies_and_takes_no_other_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new", "mine", "--from-case", "finland-1866"])
    assert done.exit_code == 0
    assert "dearth check mine" in done.output
    both = CliRunner().invoke(app, ["new", "two", "--from-case", "valley", "--from-hmd", "x"])
    assert both.exit_code == 2
    assert not (tmp_path / "two").exists()


def test_the_shell_completes_names_of_cases() -> None:
    environment = {
        "_DEARTH_COMPLETE": "complete_bash",
        "COMP_WORDS": "dearth new mine --from-case v",
        "COMP_CWORD": "4",
    }
    done = CliRunner().invoke(app, [], prog_name="dearth", env=environment)
    assert done.stdout.split() == ["valley"]
