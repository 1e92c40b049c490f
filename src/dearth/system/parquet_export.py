"""A history as Parquet: one row a draw, month and place, a column a record, its unit beside its name."""

from pathlib import Path
from typing import Any

import numpy as np

from dearth.case.problems import mistake
from dearth.system.history import History
from dearth.system.recorded_variables import DIMENSIONS, PLACE
from dearth.system.variables import UNITS

MONTHS = 12


def write_parquet(history: History, path: Path) -> None:
    """Write every record by place, a year of a draw at a time, so that a large run needs little memory.

    Raises
    ------
    CaseError
        Where pyarrow is not installed; says how to install it.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise mistake("--parquet", "needs pyarrow; install it: pip install pyarrow") from None
    names = [name for name in history.records if DIMENSIONS[name] == PLACE]
    head = [("draw", pa.int32()), ("year", pa.int16()), ("month", pa.int8()), ("place", pa.string()),
            ("granary_area", pa.string()), ("town", pa.bool_())]  # fmt: skip
    measured = [
        pa.field(name, pa.from_numpy_dtype(history.records[name].dtype), metadata={"unit": UNITS[name]})
        for name in names
    ]
    schema = pa.schema([*(pa.field(name, kind) for name, kind in head), *measured])
    areas = np.array(history.granary_areas, object)[history.granary_area]
    many = len(history.places)
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for draw in range(history.draws):
            for at, year in enumerate(history.years):
                rows = slice(MONTHS * at, MONTHS * (at + 1))
                columns: list[Any] = [
                    np.full(MONTHS * many, draw, np.int32),
                    np.full(MONTHS * many, year, np.int16),
                    np.repeat(np.arange(1, MONTHS + 1, dtype=np.int8), many),
                    np.tile(np.array(history.places, object), MONTHS),
                    np.tile(areas, MONTHS),
                    np.tile(history.urban, MONTHS),
                    *(history.records[name][draw, rows].reshape(-1) for name in names),
                ]
                out.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)],
                                         schema=schema))  # fmt: skip
