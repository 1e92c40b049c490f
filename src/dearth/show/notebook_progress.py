"""Progress below the cell of a notebook.

Rich shows its bars in a notebook by ipywidgets only. Here the cell's own output is changed in place, which
every notebook can do: Jupyter, VS Code, Colab.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dearth.estimate.progress import Progress

SHORTEST = 0.25  # seconds between two changes of the same step, so that they do not flood the notebook


@contextmanager
def in_notebook(title: str) -> Iterator["Progress"]:
    """Show the running step below the cell; the bar is removed when the work ends.

    Steps may be reported from any thread.
    """
    from IPython.display import display

    shown = display(bar(title, None, 0.0), raw=True, display_id=True)  # type: ignore[no-untyped-call]
    begun = time.monotonic()
    told: dict[str, float] = {}

    def tell(step: str, share: float | None = None) -> None:
        now = time.monotonic()
        if now - told.get(step, -SHORTEST) < SHORTEST:
            return
        told[step] = now
        shown.update(bar(f"{title}: {step}", share, now - begun), raw=True)

    try:
        yield tell
    finally:
        shown.update({"text/plain": "", "text/html": ""}, raw=True)


def bar(text: str, share: float | None, seconds: float) -> dict[str, str]:
    """Return a step, how far it is (0-1, None where that is not known) and the time, by MIME type."""
    filled = "" if share is None else f" value='{share:.3f}'"
    far = "" if share is None else f" {100 * share:.0f} %"
    clock = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    return {
        "text/plain": f"{text}{far} ({clock})",
        "text/html": f"<div><progress max='1'{filled}></progress> {escape(text)}{far} ({clock})</div>",
    }
