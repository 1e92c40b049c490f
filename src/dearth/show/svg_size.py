"""Smaller drawings for a page that holds many: what no reader sees or hears is left out of their text."""

import re

_GEOMETRY = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_OF_MARKS = re.compile(r' (?:aria-label|aria-roledescription|aria-hidden|role)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')

# two half arcs about the origin, as points are drawn
_DISC = re.compile(r'<path([^>]*?)d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')
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
    return _OF_MARKS.sub("", svg)
