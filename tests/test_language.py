"""The pages use the words of the field: no private word stands in their text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRIVATE = {
    r"book(s|ed|ing)": "registers, registered, registration",
    r"rolls?": "population register",
    r"nought": "zero",
    r"hang(s|ing)? on": "depends on",
    r"tells?|told": "says, reports, prints",
    r"held": "available, recorded, reported",
    r"readings?": "registration scenario",
    r"rungs?|ladder": "tier, evidence source",
    r"tolls?": "excess deaths, births lost",
    r"regained": "recovered",
    r"torn|bent|pull(s|ed|ing)?": "prior-data conflict, or the plain verb",
}
# a word of the list in another sense: page, then the words in which it may stand
ALLOWED: dict[str, tuple[str, ...]] = {}
# of these none may stand in a text of the package; names in back quotes and in braces are identifiers
NOT_IN_CODE = re.compile(r"\b(?:booked|rolls|nought|hangs? on|rungs?|ladder)\b", re.IGNORECASE)
FILES = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("docs/verbs/*.md")]
PAGES = sorted({path.relative_to(ROOT).as_posix() for path in FILES})


def prose(text: str) -> str:
    """Return the text without code, headings and addresses of links; descriptions of pictures stay."""
    text = re.sub(r"^```\{image\} \S+\n:alt: (.*?)\n", r"\1\n```\n", text, flags=re.MULTILINE)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`|^#+ .*$|\]\([^)]*\)", "", text, flags=re.MULTILINE)


def private_words(text: str, allowed: tuple[str, ...] = ()) -> list[str]:
    text = prose(text)
    for words in allowed:
        text = text.replace(words, "")
    return [
        f"'{found.group()}': write {instead}"
        for word, instead in PRIVATE.items()
        for found in re.finditer(rf"\b(?:{word})\b", text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_private_word(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert private_words(text, ALLOWED.get(page, ())) == []
    assert [words for words in ALLOWED.get(page, ()) if words not in text] == []


def test_private_words_are_found_in_prose_and_not_in_code() -> None:
    text = "# A toll\n\nThe rolls [say](books.md) `told`.\n\n```text\nnought\n```\n\nIt is Told.\n"
    assert [found.split("'")[1] for found in private_words(text)] == ["rolls", "Told"]
    assert private_words("The rolls of bread.", ("rolls of bread",)) == []


def texts(source: str) -> Iterator[str]:
    """Yield the strings of a module that are sentences, without the names of arguments in docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            text = re.sub(r"`[^`]*`|\{[^}]*\}", "", node.value)
            yield re.sub(r"^ *[a-z_, ]+( :|$)", "", text, flags=re.MULTILINE)


def test_no_text_of_the_package_has_a_private_word() -> None:
    found = {
        f"{path.name}: {match.group()}"
        for path in sorted(ROOT.glob("src/dearth/**/*.py"))
        for text in texts(path.read_text(encoding="utf-8"))
        for match in NOT_IN_CODE.finditer(text)
    }
    assert found == set()
    assert NOT_IN_CODE.search(next(texts('"""Deaths booked late."""')))
