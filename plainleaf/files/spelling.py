"""Spelling: a text as it is read, whatever signs part or join its letters unseen."""

from __future__ import annotations

import re

# Where a word may be parted: the soft hyphen, and the space of no width.
_BREAKS = "\u00ad\u200b"
# Joiners, which Persian and the scripts of India need; beside these letters they do nothing.
_LATIN = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"
_UNSEEN = re.compile(f"[{_BREAKS}]|(?<=[{_LATIN}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_LATIN}])")
# Dashes that stand within a word: "pain–free".
_DASH = re.compile("(?<=[^\\W\\d_])[\u2010\u2011\u2013](?=[^\\W\\d_])")
# How pages write a place where a word may be parted.
_WRITTEN = re.compile(
    r"&shy;|&ZeroWidthSpace;|&#0*(?:173|8203);|&#[xX]0*(?:[aA][dD]|200[bB]);|<wbr ?/?>"
)


def plainly_spelled(text: str) -> str:
    """Give a text without unseen signs, with a hyphen for each dash in a word, on one line."""
    return " ".join(_DASH.sub("-", _UNSEEN.sub("", text)).split())


def whole_words(source: str) -> str:
    """Give the source of a page, line by line the same, with no word parted by a sign."""
    return _DASH.sub("-", _UNSEEN.sub("", _WRITTEN.sub("", source)))
