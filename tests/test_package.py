"""What ships: the size of the wheel, and dependencies that are declared as low as they were tried."""

import re
import tomllib
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MOST = 6_000_000  # bytes


def test_the_wheel_stays_small() -> None:
    """A wheel deflates each file; its own lists of files add little."""
    files = [f for f in (ROOT / "src" / "dearth").rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    sizes = {f: len(zlib.compress(f.read_bytes(), 6)) + 2 * len(str(f)) for f in files}
    largest = sorted(sizes, key=lambda f: -sizes[f])[:5]
    assert sum(sizes.values()) < MOST, [f"{f.relative_to(ROOT)}: {sizes[f]:,}" for f in largest]


def plain(name: str) -> str:
    """Return the name of a project as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lowest_versions_are_those_declared() -> None:
    """`constraints-lowest.txt` is made from the project file; its own first lines say how."""
    text = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8")
    pinned = {plain(name): at for name, at in re.findall(r"^([\w.-]+)==([\w.]+)$", text, flags=re.MULTILINE)}
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["all"]]
    for line in wanted:
        name, least = re.fullmatch(r"([\w.-]+)(?:\[\w+\])?>=([\d.]+)(?:,<[\d.]+)?", line).groups()  # type: ignore[union-attr]
        found = pinned[plain(name)]
        assert found == least or found.startswith(f"{least}."), f"{line} is declared, {found} is pinned"
