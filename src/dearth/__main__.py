"""``python -m dearth``: the command line."""

from dearth.cli import main

main()
