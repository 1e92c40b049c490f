"""Smaller drawings for a page that holds many: what no reader sees or hears is left out of their text."""

import re

_GEOMETRY = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_OF_MARKS = re.compile(r' (?:aria-label|aria-roledescription|aria-hidden|role)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')

# two half arcs about the origin, as points are drawn
_DISC = re.compile(r'<path([^>]*?)d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')
# marks that stand side by side in a drawing: many points, or many lines from left to right
_FEWEST_MARKS = 20
_AT = r'transform="translate\(([^)]*)\)"'
_CIRCLE = re.compile(rf'<circle {_AT} r="([^"]*)"( fill="[^"]*")((?: opacity="[^"]*")?)/>')
_LINE = re.compile(rf'<line {_AT} x2="([^"]*)" y2="0"( stroke="[^"]*"[^>]*)/>')
_RUN = re.compile(rf"(?:{_CIRCLE.pattern}){{{_FEWEST_MARKS},}}|(?:{_LINE.pattern}){{{_FEWEST_MARKS},}}")
_RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")
# the width of a line in an element that ends without the colour of one
_NO_LINE = re.compile(r'<(?:path|circle)(?![^>]* stroke=)[^>]*?( stroke-width="[^"]*")')


def compact(svg: str) -> str:
    """Return a drawing that looks the same: shorter to write.

    Coordinates to a hundredth of a pixel, discs as circles, no width of lines that are not drawn, one font
    named once.
    """
    short = _GEOMETRY.sub(lambda found: _LONG_NUMBER.sub(_hundredth, found[0]), svg)
    short = short.replace(' opacity="1"', "")
    short = _DISC.sub(r'<circle\1r="\2"', short)
    short = _NO_LINE.sub(lambda found: found[0].replace(found[1], ""), short)
    fonts = set(_FONT.findall(short))
    if len(fonts) != 1:
        return short
    return _FONT.sub("", short).replace("<svg", f"<svg{fonts.pop()}", 1)


def _hundredth(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def as_one_image(svg: str) -> str:
    """Return a drawing without a description of each mark.

    For a place that is described as a whole: within an element of the role ``img`` a screen reader reads the
    description of the element and nothing inside it.
    """
    short = _RGB.sub(lambda found: "#" + "".join(f"{int(part):02x}" for part in found.groups()), svg)
    return _RUN.sub(lambda found: _as_paths(found[0]), _OF_MARKS.sub("", short))


def _as_paths(run: str) -> str:
    """Return marks that stand side by side as one path for each look, in the order of their first mark.

    A line of no length is drawn by nobody and is left out; a point is a line of no length with round ends.
    """
    paths: dict[str, list[str]] = {}
    for place, radius, fill, opacity in _CIRCLE.findall(run):
        look = f' stroke{fill[5:]}{opacity} stroke-width="{2 * float(radius):g}" stroke-linecap="round"'
        paths.setdefault(look, []).append(f"M{_tenth(place)}h0")
    for place, length, look in _LINE.findall(run):
        marks = paths.setdefault(look, [])
        if float(length):
            marks.append(f"M{_tenth(place)}h{float(length):.3g}")
    return "".join(f'<path d="{"".join(marks)}"{look}/>' for look, marks in paths.items() if marks)


def _tenth(place: str) -> str:
    """Return a place to a tenth of a pixel."""
    return ",".join(f"{float(one):.1f}".removesuffix(".0") for one in place.split(","))
