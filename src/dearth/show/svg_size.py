"""Smaller drawings for a page that holds many: what no reader sees or hears is left out of their text."""

import re

_GEOMETRY = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_OF_MARKS = re.compile(r' (?:aria-label|aria-roledescription|aria-hidden|role)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')


def compact(svg: str) -> str:
    """Return a drawing that looks the same: coordinates to a hundredth of a pixel, one font named once."""
    short = _GEOMETRY.sub(lambda found: _LONG_NUMBER.sub(_hundredth, found[0]), svg)
    short = short.replace(' opacity="1"', "")
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
