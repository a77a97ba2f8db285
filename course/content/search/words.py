"""Words as the search sees them: cut out of a text, without hyphens and dots, and without those that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from course.content.typography import NBSP, SOFT_HYPHEN

_WORD = re.compile(r"[^\W_]+(?:[-‑:/'’.][^\W_]+)*")
_BREAK = re.compile(r"[-‑:/'’.]")
#: A section of a law has its letter apart from its number: 52 b § is one thing.
_LETTERED = re.compile(r"\b(\d{1,3}) ([a-zåäö])\b(?=\s*(?:§|[–,-]|$|\d))")
#: What a name or an abbreviation takes in a sentence: THL:n, Sanni's.
_CLITIC = re.compile(r"(?:(?<=\w):[^\W\d_]+|['’]s)$")
#: A telephone number, or the beginning of one.
_DIALLED = re.compile(r"[+\d][\d ()/-]{2,}")

#: What people put around the words that they look for.
SAYS_NOTHING = {
    "fi": """ja tai että jos kun kuin niin mutta vai eli sekä on ovat ole olla oli en ei et eivät eikä minne se sen
        sitä ne niitä tämä tämän tätä nämä hän hänen hänet hänelle minä minun minua sinä sinun te he mitä mikä
        mitkä minkä miten miksi milloin missä mistä mihin mille kuka kenen ketä kenelle kuinka kauanko saanko
        saako voinko voiko pitääkö onko olenko täytyykö mun mulla hänellä minulla jokin joku jotka joka jonka
        myös vain jo nyt sitten siis esimerkiksi teen tehdä pitää voi voin saa saan täytyy ottaa otan ota asia
        asian asiaa asiat jonkun joskus siitä""",
    "sv": """och eller att om när än så men som är var vara har hade inte ej icke den det de dem en ett i på till för
        av ha haft med från vid hos hur vad vem vilka vilken vilket varför vart jag du hen han hon man min mitt
        din ditt sin sitt får kan ska måste bör vill gör göra ta tar upp också bara nu då blir bli sedan alltså
        denna detta dessa""",
    "en": """a an and or that if when than so but as is are was were be been have has had not no the this these those
        it its in on at to for of with from by how what who whom which why where i you he she they we my your his
        her their our can may must should do does did dont doesnt wont cant make makes making give gives get will
        would there about into up also only now then""",
}
#: Of these, what a heading may ask with: "Who can refer?", "Why a person stays".
ASKS = {
    "fi": "kuka kenen kenelle ketä mikä miten miksi milloin missä mistä mihin minne kauanko ei",
    "sv": "vem hur varför när var vart vad inte nej",
    "en": "who whom how why when where what no not dont doesnt",
}
#: Beside a name they say that somebody wants to call.
ASKS_FOR_CONTACT = {
    "fi": "numero numeron puhelinnumero puhelinnumeron puhelin puhelinnumerot yhteystiedot yhteystieto soittaa soita",
    "sv": "nummer numret telefonnummer telefonnumret telefon kontaktuppgifter kontakt ringa ring",
    "en": "number phone telephone contact contacts call hotline helpline",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A word of a text, and where it stands."""

    form: str
    start: int
    end: int


def forms_in(text: str) -> Iterator[str]:
    """The words of a text. A word with a hyphen is there as one, and its parts are there too."""
    for found in words_at(text):
        yield found.form
        parts = _BREAK.split(text[found.start : found.end].lower())
        if len(parts) > 1 and not _CLITIC.search(text[found.start : found.end]):
            yield from (part for part in parts if len(part) > 1)


def words_at(text: str) -> Iterator[Found]:
    """Each word once, with its place."""
    # The space inside "52 b" becomes a hyphen, so that every place stays where it was.
    joined = _LETTERED.sub(r"\1-\2", text.replace(NBSP, " "))
    for match in _WORD.finditer(joined):
        yield Found(form_of(match[0]), match.start(), match.end())


def form_of(word: str) -> str:
    """One word as the index has it: small letters, no hyphens, no ending behind a colon (RIKU:n)."""
    lowered = normalize("NFC", word).lower().replace(SOFT_HYPHEN, "")
    if ending := _CLITIC.search(lowered):
        return lowered[: ending.start()]
    return lowered if "/" in lowered else _BREAK.sub("", lowered)


def asked_words(forms: Iterable[str], language: str) -> list[str]:
    """The words that say something, each once; all of them when none does."""
    every = list(dict.fromkeys(forms))
    empty = _set(SAYS_NOTHING, language)
    return [form for form in every if form not in empty] or every


def asking_words(forms: Iterable[str], language: str) -> list[str]:
    """The words that a question begins with."""
    asking = _set(ASKS, language)
    return [form for form in dict.fromkeys(forms) if form in asking]


def without_call_words(forms: list[str], language: str) -> list[str]:
    """The words besides those that ask for a number."""
    asking = _set(ASKS_FOR_CONTACT, language)
    return [form for form in forms if form not in asking]


def dialled(query: str) -> str:
    """The digits of a query that is a telephone number, else nothing. +358 is written as 0."""
    stripped = query.strip()
    if not _DIALLED.fullmatch(stripped):
        return ""
    digits = "".join(filter(str.isdigit, stripped))
    return f"0{digits[3:]}" if stripped.startswith("+358") else digits


def without_dots(form: str) -> str:
    """As it is typed on a keyboard without å, ä and ö."""
    return normalize("NFD", form).encode("ascii", "ignore").decode() if not form.isascii() else form


def _set(lists: dict[str, str], language: str) -> frozenset[str]:
    return frozenset(lists.get(language, "").split())
