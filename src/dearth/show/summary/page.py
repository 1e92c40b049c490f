"""The one-page summary as plain text and as one HTML file, in one language."""

from math import floor, log10
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from dearth.show.language import END, ISOLATE, Language
from dearth.show.summary.content import DIGITS, Cell, Number, Part, Phrase, Summary, Table

CARRIED = 3  # digits that an estimate of persons is written with
RIGHT_TO_LEFT_MARK = "\u200f"  # begins a line of plain text, so that a terminal sets it from the right


class Writer:
    """Writes cells of a summary in a language."""

    def __init__(self, language: Language):
        self.language = language

    def phrase(self, phrase: Phrase) -> str:
        """Return words with what fills their braces."""
        fill = {name: self.cell(value) for name, value in phrase.fill.items()}
        return self.language.text(phrase.key, **fill)

    def labelled(self, label: Phrase | str, value: str) -> str:
        """Return a label, given as a phrase or by its key, with its value."""
        words = self.phrase(label) if isinstance(label, Phrase) else self.language.text(label)
        return self.language.text("page.labelled", label=words, value=value)

    def cell(self, cell: Cell) -> str:
        """Return a cell as text; texts of the case stand apart from the language around them."""
        if isinstance(cell, Number):
            return self.number(cell)
        return self.phrase(cell) if isinstance(cell, Phrase) else self.own(cell)

    def own(self, text: str) -> str:
        """Return a text of the case: in a page from right to left its direction is its own."""
        return f"\u2068{text}{END}" if self.language.direction == "rtl" else text

    def number(self, number: Number) -> str:
        """Return a number with its interval in words."""
        low, high = number.value.ends
        if number.only_ends:
            return self._plain(number, low) if low == high else self.language.text(
                "page.range", low=self._plain(number, low), high=self._plain(number, high))  # fmt: skip
        middle = self._plain(number, number.value.median)
        if number.kind == "percent":
            middle = self.language.text("page.percent", value=middle) if number.value.low is None else middle
        if number.value.low is None or number.value.level is None:
            return middle
        return self.language.text(
            "page.interval", value=middle, level=self.language.number(100 * number.value.level),
            low=self._plain(number, low), high=self._plain(number, high),
        )  # fmt: skip

    def _plain(self, number: Number, value: float) -> str:
        if number.kind == "estimate" and value:
            value = round(value, CARRIED - 1 - floor(log10(abs(value)))) if abs(value) >= 1 else round(value)
        digits = DIGITS[number.kind]
        if number.kind == "percent" and value == round(value):
            digits = 0
        return self.language.number(value, digits)


def plain_text(summary: Summary, language: Language) -> str:
    """Return the summary as plain text, a line a figure."""
    write = Writer(language)
    place = write.labelled("page.place", write.own(summary.place))
    window = write.labelled("page.window", language.apart(summary.window))
    lines = [write.own(summary.title), f"{language.text('page.summary')} · {place} · {window}"]
    for part in summary.parts:
        lines += ["", *_part_lines(part, write)]
    lines += ["", *_ends(summary, write)]
    mark = RIGHT_TO_LEFT_MARK if language.direction == "rtl" else ""
    return "\n".join(mark + line if line else line for line in lines) + "\n"


def _part_lines(part: Part, write: Writer) -> list[str]:
    lines = [write.labelled(part.heading, write.own(part.title))]
    lines += [f"  {write.labelled(label, write.cell(value))}" for label, value in part.figures]
    for table in part.tables:
        lines.append(f"  {write.language.text(table.caption)}")
        for row in table.rows:
            cells = (
                write.labelled(column, write.cell(cell))
                for column, cell in zip(table.columns[1:], row[1:], strict=True)
            )
            lines.append(f"    {write.cell(row[0])} – {write.language.text('page.between').join(cells)}")
        lines += [f"    {_more(table, write)}"] if table.left_out else []
    return [*lines, *(f"  {write.phrase(note)}" for note in part.notes)]


def _more(table: Table, write: Writer) -> str:
    return write.language.text("page.more_rows", count=write.language.number(table.left_out))


def _ends(summary: Summary, write: Writer) -> list[str]:
    words = write.language
    lines = []
    if summary.warnings:
        lines.append(write.labelled("page.warnings", words.number(summary.warnings)))
    if summary.sources:
        sources = words.text("page.between").join(map(write.own, summary.sources))
        lines.append(write.labelled("page.source", sources))
    version, seed = words.apart(summary.version), words.number(summary.seed)
    return [*lines, words.text("page.made_with", version=version, seed=seed)]


def html_page(summary: Summary, language: Language) -> str:
    """Return the summary as one HTML file for A4 paper, which asks nothing of the network."""
    environment = Environment(
        loader=PackageLoader("dearth.show", "templates"), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, autoescape=select_autoescape(["html", "j2"], default=True),
    )  # fmt: skip
    write = Writer(language)
    environment.filters["written"] = lambda cell: _markup(write.cell(cell))
    environment.filters["own"] = lambda text: _markup(write.own(text))
    page: str = environment.get_template("summary.html.j2").render(
        s=summary,
        words=language.words,
        language=language,
        labelled=lambda label, value: _markup(write.labelled(label, value)),
        apart=language.apart,
        own=write.own,
        more=lambda table: _markup(_more(table, write)),
        ends=[_markup(line) for line in _ends(summary, write)],
    )
    return page


def _markup(text: str) -> Markup:
    """Return text with its isolated parts in elements of HTML: pages need no invisible letters."""
    page = str(escape(text)).replace(ISOLATE, '<bdi dir="ltr">').replace("\u2068", "<bdi>")
    return Markup(page.replace(END, "</bdi>"))


def document(summary: Summary, language: Language) -> dict[str, Any]:
    """Return the summary as JSON: words as printed, numbers beside them."""
    write = Writer(language)
    return {
        "schema": "dearth/summary/v1", "language": language.code, "direction": language.direction,
        "title": summary.title, "place": summary.place, "window": summary.window,
        "parts": [
            {
                "heading": language.text(part.heading), "title": part.title,
                "figures": [
                    {"key": label.key, "label": write.phrase(label), "text": write.cell(value),
                     "figure": value.value.document() if isinstance(value, Number) else None}
                    for label, value in part.figures
                ],
                "tables": [
                    {"caption": language.text(table.caption),
                     "columns": [language.text(column) for column in table.columns],
                     "rows": [[write.cell(cell) for cell in row] for row in table.rows],
                     "left_out": table.left_out}
                    for table in part.tables
                ],
                "notes": [write.phrase(note) for note in part.notes],
            }
            for part in summary.parts
        ],
        "warnings": summary.warnings, "sources": list(summary.sources), "seed": summary.seed,
    }  # fmt: skip
