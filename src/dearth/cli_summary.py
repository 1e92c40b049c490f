"""The verb that writes one page for a meeting: summary."""

from pathlib import Path
from typing import Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption
from dearth.cli_options import OutOption, QuickOption, SeedOption
from dearth.show.progress import print_json, say, working


def _complete(incomplete: str) -> list[str]:
    from dearth.show.language import SUMMARY, languages

    return [code for code in languages(SUMMARY) if code.startswith(incomplete)]


LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE",
        help="Language of the labels: en, ar, fr or zh; or the path of a file of words of your own "
        "(xx.toml).",
        autocompletion=_complete,
    ),
]


def summary(
    case: CaseArgument,
    language: LanguageOption = "en",
    out: OutOption = None,
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write one page on surveys, lists, weekly deaths or two censuses, in Arabic, Chinese, English or French.

    It prints the page as plain text. With --out it also writes summary.CODE.html and summary.CODE.txt.

    [bold]Examples[/bold]

    dearth summary ./north

    dearth summary ./north --language ar --out north-summary
    """
    from dearth.case.atomic_files import require_writable, write_file
    from dearth.case.read import load
    from dearth.estimate.estimates import estimate
    from dearth.show.language import SUMMARY
    from dearth.show.language import language as words_of
    from dearth.show.summary.page import document, html_page, plain_text
    from dearth.show.summary.parts import summary_of

    written = words_of(language, SUMMARY)
    pages = [] if out is None else [Path(out) / f"summary.{written.code}.{kind}" for kind in ("html", "txt")]
    for path in pages:
        require_writable(path, overwrite=True)
    read = load(case)
    with working(read.name) as progress:
        made = summary_of(estimate(read, seed=seed, quick=quick, progress=progress))
    text = plain_text(made, written)
    for path, content in zip(pages, (html_page(made, written), text), strict=False):
        write_file(path, content)
        say(f"summary: {path}")
    if as_json:
        print_json(document(made, written))
    else:
        print(text, end="")


def add_summary(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(summary)
