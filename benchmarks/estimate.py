"""Time what a user waits for, each against the interpreter's own start:  python benchmarks/estimate.py

Ratios within one run; the machine's noise is in both.
"""

import json
import subprocess
import sys
import time


def seconds(code: list[str], repeats: int = 5) -> float:
    """Return the least of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, *code], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print one JSON object."""
    cli = ["-m", "dearth.cli"]
    one = [*cli, "estimate", "china-1958", "--baseline", "level:1957", "--completeness", "1"]
    bare = seconds(["-c", "pass"])
    found = {
        "python_s": bare,
        "help_s": seconds([*cli, "--help"]),
        "check_china_s": seconds([*cli, "check", "china-1958"], 3),
        "estimate_one_s": seconds([*one, "--json"], 3),
        "estimate_china_s": seconds([*cli, "estimate", "china-1958", "--json"], 3),
        "estimate_china_quick_s": seconds([*cli, "estimate", "china-1958", "--json", "--quick"], 3),
    }  # fmt: skip
    print(json.dumps({"schema": "dearth/benchmark/v1", **{k: round(v, 3) for k, v in found.items()}}))


if __name__ == "__main__":
    main()
