"""The stem of a word, and the stems that another form of the same word may have.

Snowball cuts the endings off. It does not know that Finnish and Swedish change the stem itself (lupa and luvan,
ihminen and ihmiset, offer and offret), so a stem has variants: what it would be in another form. A variant that is no
word of the course finds nothing and does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

_NAMES = {"fi": "finnish", "sv": "swedish", "en": "english"}
#: Shorter stems are too many words at once.
SHORTEST_VARIANT = 3


#: Consonants before the last vowel of a Finnish stem, strong and weak: lupa, luvan; apu, avun; kenkä, kengän.
_GRADES = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("mp", "mm"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr")),
    *(("p", "v"), ("t", "d"), ("hk", "h"), ("lk", "l"), ("rk", "r")),
)
#: Endings of Finnish stems of one word that share too few letters to be seen as such.
_FAMILIES = (
    ("in", "is", "ist", "ise"),
    ("us", "uks", "ut", "ud", "uut", "uud", "uuks", "uus"),
    ("ys", "yks", "yt", "yd", "yyt", "yyd", "yyks", "yys"),
    ("aik", "aj", "aja", "aika"),
    ("poik", "poj"),
    ("laps", "last", "las", "lapse"),
    ("mies", "mieh", "miest", "miehe"),
    ("lak", "lai", "laki"),
    ("ton", "tom", "toma", "tont"),
    ("tön", "töm", "tömä", "tönt"),
)
#: The plural of the partitive: merkkejä, uhreja, tietoja.
_PLURAL = re.compile(r"[eouyöi]j$")
_VOWEL = re.compile(r"[aeiouyäö]$")
#: Swedish drops an e: offer, offret; tecken, tecknet.
_DROPPED = re.compile(r"(?<=[bcdfgklmnpstv])e([lnr])$")
_DROPS = re.compile(r"(?<=[bcdfgkmpstv])([lnr])$")
#: What may follow the letters that two stems share when they are of one word, by inflection and by derivation.
_INFLECTED = {
    "fi": re.compile(r"[kptdvj]?[aeiouyäö]{0,2}j?(?:[aeiouyäö]|s|st|ks|n|t|d|se|mp|mm|m)?"),
    "sv": re.compile(r"(?:[aelnr]|n|t|s|d|en|et|er|el|ar|or|na|ens|ets|arna|erna|orna|are|ad|at|ade|as)?"),
    "en": re.compile(r"(?:e|s|es|ed|d|ing|y|i)?"),
}
_DERIVED = {
    "fi": re.compile(
        r"[tdk]?[aeiouyäö]{0,2}(?:min|mis|mist|va|vä|v|nut|nyt|nee|tt|tta|ttä|tu|ty|us|ys|uks|yks|uut|i|o|ö|j|sta)?"
    ),
    "sv": re.compile(
        r"(?:n?ing|n?ingar|n?ingen|are|aren|else|elser|elsen|ande|het|heten|lig|ligt|isk|iskt|ende|nad|ag)?"
    ),
    "en": re.compile(r"(?:er|or|al|ment|ion|ation|ions|ity|ance|ence|ant|ent|iv|ous|er|ism)?"),
}
SHORTEST_SHARED = 4
_IRREGULAR = {
    "en": {"children": "child", "men": "man", "women": "woman", "people": "person", "persons": "person"},
    "sv": {"barnen": "barn", "barnet": "barn", "barnens": "barn", "barnets": "barn", "händer": "hand", "böcker": "bok"},
}


@lru_cache(maxsize=60_000)
def stem(form: str, language: str) -> str:
    """The stem of a form; a number, and a word of a language that Snowball does not know, is its own."""
    form = _IRREGULAR.get(language, {}).get(form, form)
    name = _NAMES.get(language)
    return str(_stemmer(name).stemWord(form)) if name and not form[0].isdigit() else form


@lru_cache(maxsize=8)
def _stemmer(name: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(name)


def variants(stemmed: str, language: str) -> frozenset[str]:
    """The stem and what it may be in other forms of the same word."""
    makers = {"fi": _finnish, "sv": _swedish}
    if language not in makers or len(stemmed) < SHORTEST_VARIANT:
        return frozenset((stemmed,))
    return frozenset((stemmed, *(one for one in makers[language](stemmed) if len(one) >= SHORTEST_VARIANT)))


def related(one: str, other: str, language: str) -> tuple[bool, bool]:
    """Whether two stems look like forms of one word, and whether like derived ones (kirjata, kirjaaminen)."""
    if language not in _INFLECTED:
        return False, False
    shared = _shared(one, other)
    first, second = one[shared:], other[shared:]
    longest = max(len(one), len(other))
    if shared < SHORTEST_SHARED or shared < 0.6 * longest or max(len(first), len(second)) > 5:
        return False, False
    inflected, derived = _INFLECTED[language], _DERIVED[language]
    same = bool(inflected.fullmatch(first) and inflected.fullmatch(second))
    either = all(inflected.fullmatch(rest) or derived.fullmatch(rest) for rest in (first, second))
    return same, either


def _shared(one: str, other: str) -> int:
    number = 0
    for letter, against in zip(one, other, strict=False):
        if letter != against:
            break
        number += 1
    return number


def _finnish(stemmed: str) -> Iterator[str]:
    for family in _FAMILIES:
        for ending in family:
            if stemmed.endswith(ending):
                yield from (stemmed.removesuffix(ending) + other for other in family)
    yield from _graded(stemmed)
    singular = _PLURAL.sub("", stemmed)
    if singular != stemmed:
        yield from _graded(singular)


def _graded(stemmed: str) -> Iterator[str]:
    bare = _VOWEL.sub("", stemmed)
    last = stemmed[len(bare) :]
    for strong, weak in _GRADES:
        for one, other in ((strong, weak), (weak, strong)):
            if bare.endswith(one):
                yield bare.removesuffix(one) + other + last
    # A weak k is gone: tuki, tuet; luku, luvut; reikä, reiän.
    if bare.endswith("k"):
        yield from (bare[:-1] + vowel for vowel in "aeiouyäö")
    # Snowball may leave or take the vowel: puhelu, puhel.
    yield bare
    if not last:
        yield from (stemmed + vowel for vowel in "aäiueo")


def _swedish(stemmed: str) -> Iterator[str]:
    for one in (stemmed, re.sub(r"(?:en|et|s)$", "", stemmed)):
        yield one
        yield _DROPPED.sub(r"\1", one)
        yield _DROPS.sub(r"e\1", one)
        yield _DROPS.sub("", one)
