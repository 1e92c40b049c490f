"""Files users downloaded: text that may be gzipped and may begin with a byte-order mark."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dearth.case.problems import mistake


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a UTF-8 text file, gzipped or not; turn reading failures into clear errors.

    Raises
    ------
    CaseError
        Missing, unreadable, not UTF-8, or a broken gzip file.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            binary = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield text
    except UnicodeDecodeError as error:
        raise mistake(path.name, f"is not UTF-8 text ({error.reason}); save it as UTF-8") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise mistake(path.name, "is a broken gzip file; download it again") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise mistake(str(path), f"cannot be read ({reason}); check the name") from None


def find_file(folder: Path, stem: str) -> Path | None:
    """Return ``stem``, ``stem.txt`` or either gzipped, whatever the case of its letters."""
    wanted = {f"{stem}{end}".lower() for end in ("", ".txt", ".gz", ".txt.gz", ".csv")}
    try:
        found = sorted(p for p in folder.iterdir() if p.name.lower() in wanted)
    except OSError as error:
        raise mistake(str(folder), f"is not a folder that can be read ({error.strerror})") from None
    return found[0] if found else None
