"""The one-page summary of a result as HTML, for those who work in Python."""

from dearth.estimate.estimates import Estimates
from dearth.show.language import SUMMARY
from dearth.show.language import language as words_of
from dearth.show.summary.page import html_page
from dearth.show.summary.parts import summary_of


def one_page(made: Estimates, language: str = "en") -> str:
    """Return the summary of surveys, lists, dated deaths and two censuses as one HTML page.

    Parameters
    ----------
    language : ``en``, ``ar``, ``fr``, ``zh``, or the path of a file of words

    Raises
    ------
    CaseError
        When the case has no such records, or the language is not known.
    """
    return html_page(summary_of(made), words_of(language, SUMMARY))
