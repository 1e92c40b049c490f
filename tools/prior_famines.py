"""How many draws of a case's prior stay within what great famines have done.

``python tools/prior_famines.py valley --draws 64``: shares of the draws whose worst year lies below, within
and beyond the famines of ``src/dearth/system/great_famines.csv``, and quantiles of that year's excess. It
prints no toll of a year and reads no record of the case: the widths of the priors are judged by it.
"""

import argparse

import numpy as np

from dearth.case.read import load
from dearth.numerics.compilation_cache import keep_compiled
from dearth.system.great_famines import bounds, inside
from dearth.system.simulation import Asked, simulate


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("case", help="bundled name or folder of a case with a scenario")
    parser.add_argument("--draws", type=int, default=64, help="draws from the prior, at least 2")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.draws < 2:
        parser.error(f"--draws is {asked.draws}; at least 2, for one draw is the setting as it is")
    keep_compiled()
    found = inside(simulate(load(asked.case), Asked(draws=asked.draws, seed=asked.seed)).history)
    low, high = (100 * x for x in bounds())
    print(
        f"{asked.case}, {asked.draws} draws, seed {asked.seed}: excess deaths of the worst year, % of people"
    )
    for told, share in (
        (f"below {low:.1f}", found.below),
        (f"{low:.1f} to {high:.0f}", found.within),
        (f"beyond {high:.0f}", found.beyond),
    ):
        print(f"{told:>12}: {share:.0%} of the draws")
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        print(f"{share:>12.0%} quantile: {100 * np.quantile(found.worst, share):.1f}")


if __name__ == "__main__":
    main()
