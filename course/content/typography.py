"""Setting a text: quotation marks, spaces that do not break, and the places where a long word may break.

Finnish and Swedish build words that are longer than a telephone's screen is wide. Browsers do not know where Finnish
words break, so the page carries soft hyphens of its own.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyphen

NBSP = "\u00a0"
SOFT_HYPHEN = "\u00ad"

#: Shorter words are left whole: a line can always take them.
LONG_WORD = 12
#: Letters that stay together at either end of a word.
MARGIN = 4

#: Opening and closing, double and single. The closing single mark is the apostrophe too.
QUOTES = {"fi": tuple("””’’"), "sv": tuple("””’’"), "en": tuple("“”‘’")}

#: Where the parts of a compound meet, for the compounds that the patterns get wrong: nearly always because the second
#: part begins with a vowel. "s-aika" puts a break between the s and aika; "-ilmoit" one before ilmoit, in any word.
COMPOUNDS = {
    "fi": (
        *("-aineisto", "-alue", "-arvio", "-asiaka", "-asumi", "[sn]-autta", "-avusta", "-edellyt", "-edusta"),
        *("-epäil", "-esitutk", "-ilmoit", "-oikeu", "-olosuh", "-omista", "-ongelm", "-opetta", "-opas", "-oppaa"),
        *(
            "-organis",
            "-osapuol",
            "osa-puol",
            "-uhri",
            "-yksik",
            "-ympärist",
            "-yrity",
            "[sn]-(?:eh[td]o|elä[km])",
            "[sn]-ikä(?!y)",
        ),
        *("is-aik", "is-aja[ns]", "is-ala", "is-apu", "is-avu", "is-olo", "is-otto", "vastaan-o", "asian-[ao]"),
        *(
            "[dnt]en-(?:ala|as|av|ol)",
            "nnan-(?:a|ol|toim)",
            "viran-as",
            "kansain-[ao]",
            "veys-a",
            "teis-y",
            "n-aihe",
            "[oe]n-oh[jd]",
        ),
    ),
    "sv": (
        *("tvångs-äkt", "skuld-råd", "konto-upp", "bär-plock", "invandrar-kvin", "vårds-lag", "asyl-upp"),
        *("arbets-erb", "ungdoms-ar"),
    ),
}
VOWELS = frozenset("aeiouyåäö")
_UNITS = {
    "fi": "kk|vk|pv|v|t|h|min|km|m|cm|kg|g|euroa|euron|prosenttia",
    "sv": "mån|v|h|min|km|m|cm|kg|g|kr|euro|procent|kap|mom",
    "en": "h|min|km|m|cm|kg|g|euros|per cent",
}
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\.?\d)")
_DIGIT = re.compile(r"\d")
_SECTION = re.compile(r"§ (?=\d)")
_SPACE = re.compile(r"\s")
_CLOCK = re.compile(r"\b(klo|kl\.) (?=\d)")
_WORD = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
#: What an address, a code or a file name has and prose has not: migri.fi, a@b.fi, one_two, https://
_ADDRESS = re.compile(rf"[@_\\=#&{SOFT_HYPHEN}]|://|\w\.\w")

_PATTERNS = {"fi": Path(__file__).parent / "hyphenation" / "hyph_fi.dic", "sv": pyphen.LANGUAGES["sv"]}


@cache
def _spaces(language: str) -> re.Pattern[str]:
    units = _UNITS.get(language, _UNITS["en"])
    return re.compile(rf"(?<=\d) (?=[%‰§€]|(?:{units})\b)")


def quoted(text: str, language: str, before: str = "") -> str:
    """Straight quotation marks become those of the language; `before` is the character in front of the text."""
    if '"' not in text and "'" not in text:
        return text
    opening, closing, inner, apostrophe = QUOTES.get(language, QUOTES["en"])
    if opening == closing:
        return text.replace('"', closing).replace("'", apostrophe)
    shown = []
    for typed in text:
        character = typed
        if typed in "\"'":
            opens = not before or before.isspace() or before in "([{–—“‘/"
            character = (opening if opens else closing) if typed == '"' else (inner if opens else apostrophe)
        shown.append(character)
        before = character
    return "".join(shown)


def spaced(text: str, language: str) -> str:
    """A number stays with its thousands, its unit and its section sign. Dates are left as they are typed."""
    if not _DIGIT.search(text):
        return text
    text = _THOUSANDS.sub(lambda number: number[0].replace(" ", NBSP), text)
    text = _spaces(language).sub(NBSP, text)
    return _CLOCK.sub(rf"\1{NBSP}", _SECTION.sub(f"§{NBSP}", text))


def hyphenated(text: str, language: str) -> str:
    """The text with soft hyphens in its long words. Addresses are left alone."""
    if language not in _PATTERNS or len(text) < LONG_WORD:
        return text
    return _WORD.sub(lambda match: _broken(match, language), text)


def plain(text: str, language: str) -> str:
    """A title or another text that is not HTML: quotation marks and spaces, no soft hyphens."""
    return spaced(quoted(text, language), language)


def shaped(text: str, language: str, before: str = "") -> str:
    """A run of prose as the page shows it. Not for addresses, codes or attributes."""
    return hyphenated(spaced(quoted(text, language, before), language), language)


def _broken(match: re.Match[str], language: str) -> str:
    """The word with soft hyphens, unless what stands between the spaces around it is an address."""
    text = match.string
    start = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    end = _SPACE.search(text, match.end())
    between = text[start : end.start() if end else len(text)]
    return match[0] if _ADDRESS.search(between) else soft(match[0], language)


@cache
def soft(word: str, language: str) -> str:
    """One word with its soft hyphens."""
    places = break_points(word, language)
    parts = [word[start:end] for start, end in zip([0, *places], [*places, len(word)], strict=True)]
    return SOFT_HYPHEN.join(parts)


def break_points(word: str, language: str) -> list[int]:
    """Where a word may break, as the number of letters before each break."""
    dictionary, joints = _hyphenation(language)
    lowered = word.lower()
    met = {match.start() for joint in joints for match in joint.finditer(lowered)} - {0}
    edges = [0, *sorted(met), len(word)]
    places = set(met)
    for start, end in pairwise(edges):
        places.update(start + int(place) for place in dictionary.positions(lowered[start:end]))
    # A consonant is no syllable: klien-t-uppgift breaks after it, at the joint.
    places -= {place for place in places if place + 1 in places and lowered[place] not in VOWELS}
    return [place for place in sorted(places) if MARGIN <= place <= len(word) - MARGIN]


@cache
def _hyphenation(language: str) -> tuple[pyphen.Pyphen, list[re.Pattern[str]]]:
    """The patterns of a language, and what finds the joints of its compounds."""
    joints = (stem.partition("-") for stem in COMPOUNDS[language])
    found = [re.compile(f"(?<={first})(?={second})" if first else f"(?={second})") for first, _, second in joints]
    return pyphen.Pyphen(filename=_PATTERNS[language], left=2, right=2), found
