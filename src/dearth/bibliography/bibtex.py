"""BibTeX entries of works."""

from collections.abc import Iterable

from dearth.bibliography.works import Work

_ENTRY = {
    "article-journal": "article", "article-newspaper": "article", "book": "book", "chapter": "incollection",
    "report": "techreport", "thesis": "phdthesis",
}  # fmt: skip
# the field that holds where a work appeared, by kind of entry
_CONTAINER = {"article": "journal", "incollection": "booktitle"}
_PUBLISHER = {"techreport": "institution", "phdthesis": "school"}
_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def bibtex(works: Iterable[Work]) -> str:
    """Return BibTeX entries of `works`, parted by empty lines; UTF-8, as biber and recent BibTeX read it."""
    return "\n\n".join(map(_entry, works)) + "\n"


def _entry(work: Work) -> str:
    kind = _ENTRY.get(work.type, "misc")
    fields = {
        "author": " and ".join(
            "others" if n.family == "and others" else f"{_text(n.family)}, {_text(n.given)}" if n.given
            else f"{{{_text(n.family)}}}" for n in work.authors
        ),
        "title": f"{{{_text(work.title)}}}",
        "year": str(work.year),
        _CONTAINER.get(kind, "howpublished"): _text(work.container),
        "volume": _text(work.volume),
        "number": _text(work.issue),
        "pages": _text(work.page).replace("-", "--"),
        _PUBLISHER.get(kind, "publisher"): _text(work.publisher),
        "doi": work.doi,
        "url": work.url,
        "note": _text(work.note),
    }  # fmt: skip
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{work.key},\n" + ",\n".join(lines) + "\n}"


def _text(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)
