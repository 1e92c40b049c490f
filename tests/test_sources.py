"""Every figure names its source: keys resolve, parameters are graded, no private file is cited."""

import csv
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from dearth.bibliography.bibtex import bibtex
from dearth.bibliography.citations import cited, complete
from dearth.bibliography.grade import Basis, Grade, assumed, published, recalled
from dearth.bibliography.works import cite, parse_work, short, work, works
from dearth.case.problems import CaseError
from dearth.case.read import bundled, find, load
from dearth.case.works_file import read_works
from dearth.case.years import short_years
from dearth.cli import app
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from dearth.provenance import provenance
from dearth.show.report import render_report
from dearth.system.parameter import declared
from dearth.system.variables import FLOWS, STATE

ROOT = Path(__file__).parents[1]
PRIVATE = re.compile(
    r"\b(MECHANISMS|ESTIMATES|METHODS2|ENGINEERING|ECOSYSTEM|SYSTEMS)(\.md|,? (section |block )?[0-9S])"
)
TEXTS = {".py", ".md", ".yaml", ".csv", ".json", ".toml", ".j2", ".js", ".css"}
ENTRY: dict[str, Any] = {
    "id": "hill1877", "type": "book", "author": [{"family": "Hill", "given": "Ada"}],
    "issued": {"date-parts": [[1877]]}, "title": "Hunger & Rolls", "seen": "original",
}  # fmt: skip


def test_every_parameter_is_graded_and_every_key_resolves() -> None:
    known = works()
    for m in declared():
        for name, basis in ((m.id, m.form), *((f"{m.id}.{p.name}", p.basis) for p in m.parameters)):
            assert isinstance(basis, Basis), name
            assert set(basis.sources) <= set(known), name
    for v in (*STATE, *FLOWS):
        assert set(v.works) <= set(known), v.name


def test_keys_in_docstrings_resolve() -> None:
    """References sections hold keys of the bibliography, parted by commas."""
    section = re.compile(r"^( *)References\n\1-{10}\n((?:\1\w.*\n)+)", re.M)
    found = 0
    for path in (ROOT / "src").rglob("*.py"):
        for match in section.finditer(path.read_text(encoding="utf-8")):
            for key in re.split(r"[,\s]+", match[2].strip()):
                found += 1
                assert key in works(), f"{path.relative_to(ROOT)}: {key}"
    assert found > 20


def test_no_file_cites_what_a_stranger_cannot_open() -> None:
    wrong = []
    for folder in ("src", "docs", "tests", "tools", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in TEXTS and path != Path(__file__) and "_build" not in path.parts:
                for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    if PRIVATE.search(text):
                        wrong.append(f"{path.relative_to(ROOT)}:{line}: {text.strip()[:80]}")
    assert wrong == []


def test_only_weak_grades_may_be_without_a_work() -> None:
    assert assumed().sources == recalled().sources == ()
    for grade in (Grade.MEASURED_HERE, Grade.PUBLISHED, Grade.TRANSFERRED):
        with pytest.raises(ValueError, match="must name the works"):
            Basis(grade)
    assert published("coale1984", note="a note").described() == "published: Coale 1984 (a note)"
    assert all(grade.definition.endswith(".") for grade in Grade)


def test_citations() -> None:
    assert short("ashton1984") == "Ashton et al. 1984"
    assert short("li_yang2005") == "Li and Yang 2005"
    assert short("un_wpp2024") == "United Nations Population Division 2024"
    assert cite("ashton1984") == (
        "Ashton, B., Hill, K., Piazza, A. and Zeitz, R. (1984). Famine in China, 1958-61. Population and "
        "Development Review 10(4), 613-645. doi:10.2307/1973284"
    )
    assert cite("chandrasekaran_deming1949").startswith("Chandra Sekar, C. and Deming, W. E. (1949).")
    assert work("ashton1984").link == "https://doi.org/10.2307/1973284"
    with pytest.raises(KeyError, match="did you mean 'ashton1984'"):
        work("ashton1983")


def test_a_detail_that_is_not_confirmed_is_said_so() -> None:
    """A work says what was read; where neither pages nor an address are held, the note says why."""
    for found in works().values():
        assert found.title == found.title.strip()
        if found.type == "article-journal" and not found.page:
            assert re.search(r"confirmed|left out|does not name", found.note), found.key


def test_bibtex() -> None:
    text = bibtex([parse_work(ENTRY), work("brass1971"), work("hoem1981")])
    first, chapter, article = text.strip().split("\n\n")
    assert (
        first
        == "@book{hill1877,\n  author = {Hill, Ada},\n  title = {{Hunger \\& Rolls}},\n  year = {1877}\n}"
    )
    assert "  booktitle = {Biological Aspects of Demography (ed. W. Brass)}" in chapter
    assert "  pages = {69--110}" in chapter
    assert "  author = {Hoem, Jan M. and others}" in article


def test_works_of_a_case(tmp_path: Path) -> None:
    path = tmp_path / "works.json"
    assert read_works(path) == {}
    path.write_text(json.dumps([ENTRY]))
    assert read_works(path)["hill1877"].short == "Hill 1877"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("{}", "give a list of works"),
        (json.dumps([ENTRY, ENTRY]), "the key 'hill1877' is given twice"),
        (json.dumps([{**ENTRY, "titel": "x"}]), "unknown field 'titel'; did you mean 'title'?"),
        (json.dumps([{**ENTRY, "seen": "yes"}]), "seen 'yes' is not one of original, second_hand"),
        (json.dumps([{**ENTRY, "issued": 1877}]), "issued must be such as"),
        (json.dumps([{**ENTRY, "author": "Hill"}]), "author must be a list"),
        (json.dumps([{**ENTRY, "volume": 3}]), "volume must be text"),
        (json.dumps([{**ENTRY, "URL": "javascript:alert(1)"}]), "must begin with https://"),
        (json.dumps([{k: v for k, v in ENTRY.items() if k != "title"}]), "title is missing"),
        (json.dumps(["hill"]), "an entry is str"),
    ],
)
def test_mistakes_in_the_works_of_a_case(content: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "works.json"
    path.write_text(content)
    with pytest.raises(CaseError, match=re.escape(told)):
        read_works(path)


CHINA = find("china-1958")


def test_every_published_toll_of_china_names_its_work() -> None:
    rows = load(CHINA).published
    assert len(rows) == 31
    for row in rows:
        assert row["work"] in works(), row["key"]
        assert row["seen"] in ("original", "second_hand"), row["key"]
    # read in the work itself only where a text of the work itself was read
    assert all(works()[row["work"]].seen == "original" for row in rows if row["seen"] == "original")


def test_every_published_toll_of_a_bundled_case_names_its_work() -> None:
    """An encyclopedia entry that names nobody is the one exception."""
    rows = [row for name in bundled() for row in load(find(name)).published]
    assert {row["author"] for row in rows if not row["work"]} == {"encyclopedia entry"}


def test_a_published_estimate_with_an_unknown_work_is_a_mistake(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rows = table(folder / "published.csv")
    rows[0]["work"] = "ashton1948"
    rows[1]["seen"] = ""
    write(folder / "published.csv", rows)
    with pytest.raises(CaseError) as caught:
        load(folder)
    told = [str(problem) for problem in caught.value.problems]
    assert told[0].startswith(
        "published.csv:2: work: no work has the key 'ashton1948' (spelt alike: 'ashton1984'"
    )
    assert told[1].startswith("published.csv:3: seen: give both")


def test_a_case_brings_works_of_its_own(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "works.json").write_text(json.dumps([ENTRY]))
    rows = table(folder / "published.csv")
    rows[0]["work"] = "hill1877"
    write(folder / "published.csv", rows)
    found = provenance(load(folder))
    assert found.works()["hill1877"].title == "Hunger & Rolls"
    assert load(folder).sha256 != load(CHINA).sha256
    assert "works.json" in load(folder).inputs


def test_an_unknown_work_or_grade_in_sources_is_a_mistake(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rows = table(folder / "sources.csv")
    rows[0]["work"], rows[1]["grade"] = "nobody1900", "publishd"
    write(folder / "sources.csv", rows)
    with pytest.raises(CaseError) as caught:
        load(folder)
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert "sources.csv:2: work: no work is called 'nobody1900'" in told
    assert "sources.csv:3: grade: no grade is called 'publishd' — did you mean 'published'?" in told


@pytest.mark.parametrize("name", sorted(bundled()))
def test_everything_a_bundled_case_names_is_listed(name: str) -> None:
    case = load(name)
    found = provenance(case)
    document = found.document()
    schema = json.loads((ROOT / "src/dearth/schemas/sources-v1.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(document)), schema)
    assert sum(found.grades()["evidence"].values()) == len(case.evidence)
    assert {row.source_id for row in case.evidence} <= set(found.sources())
    assert {row["work"] for row in case.published if row["work"]} <= set(found.works())
    for use in found.uses:
        assert set(use.works) <= set(case.works), use
        assert set(use.sources) <= set(case.sources), use


def test_a_figure_is_as_good_as_its_weakest_source() -> None:
    uses = {use.what: use for use in provenance(load(CHINA)).uses}
    forms = next(use for name, use in uses.items() if use.note.startswith("body_mass is the form"))
    assert forms.works == ("clingendael2024",)
    assert forms.grade == Grade.ASSUMED
    assert uses["case.yaml: infant_mortality"].sources == ("gapminder_imr",)
    assert uses["case.yaml: reconstruction.priors.fertility_hunger"].grade == Grade.ASSUMED
    # the size of the famine is learned from tables of others, which have sources row by row
    learned = uses["default of reconstruction.priors.shock_year"]
    assert (learned.works, learned.grade) == (("dearth_famine_tables",), Grade.PUBLISHED)
    assert "without China" in learned.note
    fell = uses["case.yaml: reconstruction.scenarios.completeness_falling.completeness.normal"]
    assert (fell.works, fell.grade) == (("banister1984",), Grade.PUBLISHED)
    assert uses["case.yaml: reconstruction.stocks_sd"].grade == Grade.ASSUMED
    assert uses["recall"].grade == Grade.RECALLED
    # what a census is evidence of is no source
    assert not any(name.endswith("evidence") for name in uses)


def test_people_that_are_computed_are_graded_so() -> None:
    """The people of Finland are births over the birth rate; a note says so."""
    case = load("finland-1866")
    births, rate, people = (
        case.evidence.series(f"finland_registered/{name}").by_year
        for name in ("births", "crude_birth_rate", "population_midyear")
    )
    assert people == {year: round(1000 * births[year] / rate[year]) for year in people}
    (use,) = (use for use in provenance(case).uses if use.what == "computed_midyear")
    assert (use.grade, use.count, use.years) == (Grade.MEASURED_HERE, 17, "1859-75")
    assert "1000 x births (hmd_fin_births) / crude birth rate (gapminder_cbr)" in use.note


def test_the_verb() -> None:
    run = CliRunner()
    everything = run.invoke(app, ["sources", "--all"])
    assert f"Works ({len(works())})" in everything.stdout
    assert "doi:10.2307/1973284" in everything.stdout
    assert run.invoke(app, ["sources", "--all", "--bibtex"]).stdout.count("\n@") == len(works()) - 1
    one = json.loads(run.invoke(app, ["sources", "finland-1866", "--json"]).stdout)
    assert [work["key"] for work in one["works"]] == [
        "dearth_famine_tables", "evans_moshonov2006", "hmd", "hmd_protocol2021", "kass_raftery1995",
        "pitkanen1993", "rogers_castro1981", "un_wpp2024", "vehtari2021",
    ]  # fmt: skip
    years = {use["what"]: use["years"] for use in one["uses"]}
    assert years["hmd_fin_births"] == "1859-75"
    assert all(not use["years"] for use in one["uses"] if use["kind"] != "evidence")
    assert "(9 figures, 1862-70)" in run.invoke(app, ["sources", "finland-1866"]).stdout.replace("\n", " ")
    assert (
        short_years([1958, 1953, 1954, 1964, 1899, 1900, 1905, 1906])
        == "1899-1900, 1905-06, 1953-54, 1958, 1964"
    )
    assert "Rows of sources.csv" in run.invoke(app, ["sources", "valley"]).stdout
    for wrong in ([], ["valley", "--all"], ["valley", "--json", "--bibtex"]):
        assert run.invoke(app, ["sources", *wrong]).exit_code == 2


def test_a_text_says_which_works_it_cites() -> None:
    text = "matched as by Chandra Sekar and Deming (1949); below it (Vapattanawong and Prasartkul 2011)"
    assert cited(text, works()) == {"chandrasekaran_deming1949", "vapattanawong_prasartkul2011"}
    assert cited("doi:10.2307/1973284; Helleringer et al., 2014", works()) == {
        "ashton1984",
        "helleringer2014",
    }
    assert cited("Churchill 1988; Hill, 19881; Sen and others", works()) == set()
    # a note on a work may cite another
    quoting = parse_work({**ENTRY, "note": "Quoted by Sen 1981."})
    assert [one.key for one in complete(["hill1877"], "", {**works(), "hill1877": quoting})] == [
        "hill1877", "sen1981",
    ]  # fmt: skip


def test_the_report_lists_every_work_that_it_cites() -> None:
    """Whatever a result says, a sentence that nobody foresaw too."""
    made = estimate(load("finland-1866"), Asked(completeness="1", baseline="level:1865"), quick=True)
    made = replace(made, warnings=(*made.warnings, "as in Wetzels et al. (2010)"))
    assert "wetzels2010" in {work["key"] for work in made.document["works"]}
    page = html.unescape(render_report(made, interactive=False, drawn=[]))
    named = cited(page, made.case.works)
    assert {"pitkanen1993", "wetzels2010"} <= named
    assert [key for key in named if f'id="work-{key}"' not in page] == []


def copied(folder: Path) -> Path:
    """Return a copy of china-1958 without its scenario."""
    own = folder / "case"
    (own / "evidence").mkdir(parents=True)
    for name in (
        "case.yaml",
        "sources.csv",
        "published.csv",
        *(f"evidence/{p.name}" for p in CHINA.glob("evidence/*.csv")),
    ):
        (own / name).write_bytes((CHINA / name).read_bytes())
    return own


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
