"""One page for a meeting: the answer of surveys, lists and dated deaths, in several languages."""
