"""Records of a case that are not yearly series: a file in the case folder, with its title and source."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from dearth.case.schema_base import Strict


def _path(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or not path.name:
        raise ValueError(
            f"'{text}' is not a path inside the case folder; write for example surveys/north.csv"
        )
    return text


RecordPath = Annotated[str, AfterValidator(_path)]


class RecordFile(Strict):
    """A file of records with its title and source; each kind of record adds its own fields."""

    file: RecordPath = Field(description="path inside the case folder, with / between folders")
    title: str = Field(min_length=1, max_length=200, description="the name readers see")
    source: str = Field(min_length=1, description="a source_id, a work of the bibliography, or assumed")
    note: str = ""

    def files(self) -> dict[str, str]:
        """Return the files of the records by the field that names each."""
        return {"file": self.file}


def record_files(settings: BaseModel) -> Iterator[tuple[str, RecordFile]]:
    """Yield the record files that a case names, each with its field: ``surveys.north``."""
    for block in type(settings).model_fields:
        value = getattr(settings, block)
        if isinstance(value, dict):
            yield from (
                (f"{block}.{name}", one) for name, one in value.items() if isinstance(one, RecordFile)
            )
