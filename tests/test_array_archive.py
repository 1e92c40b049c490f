"""Archives of arrays: what NumPy reads of them, and that equal arrays give equal bytes."""

import io
import zipfile

import numpy as np
import pytest

from dearth.numerics import array_archive
from dearth.numerics.array_archive import archive

ARRAYS = {
    "draws": np.random.default_rng(1).standard_normal((3, 50)).astype(np.float32),
    "head": np.array('{"a": "é"}'), "empty": np.zeros((0, 2)), "number": np.array(3),
}  # fmt: skip


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_numpy_reads_the_same_arrays(method: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_archive, "_method", lambda: method)
    made = archive(**ARRAYS)
    assert {one.compress_type for one in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {method}
    with np.load(io.BytesIO(made), allow_pickle=False) as found:
        assert found.files == list(ARRAYS)
        for name, values in ARRAYS.items():
            assert found[name].dtype == values.dtype
            assert found[name].shape == values.shape
            assert found[name].tobytes() == values.tobytes()
    assert archive(**ARRAYS) == made


def test_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        archive(wrong=np.array([{}], dtype=object))
