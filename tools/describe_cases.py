"""Write the Frictionless descriptor of every bundled case: run python tools/describe_cases.py."""

from dearth.case.frictionless import write_descriptor
from dearth.case.read import bundled, load

for name, folder in bundled().items():
    write_descriptor(folder, name, load(name).settings.title)
