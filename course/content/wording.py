"""The few words that are added to a text of the package, by language.

A package in another language than these shows the English ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    source: str
    table: str
    show_answer: str
    #: Behind the title of a module that a trainer passed somebody in.
    waived: str
    #: Title of a block that has no words of its own.
    blocks: Mapping[str, str]


WORDING = {
    "fi": Wording(
        source="Lähde",
        table="Taulukko",
        show_answer="Näytä vastaus",
        waived="kouluttajan päätöksellä",
        blocks={
            "key-point": "Muista",
            "case": "Esimerkki",
            "practice": "Harjoitus",
            "myth": "Myytti",
            "checklist": "Tarkistuslista",
            "tomorrow": "Tee tämä huomenna",
            "content-note": "Ennen kuin luet",
            "reflect": "Pohdi",
            "trainer": "Kouluttajalle",
        },
    ),
    "sv": Wording(
        source="Källa",
        table="Tabell",
        show_answer="Visa svaret",
        waived="enligt utbildarens beslut",
        blocks={
            "key-point": "Kom ihåg",
            "case": "Exempel",
            "practice": "Övning",
            "myth": "Myt",
            "checklist": "Checklista",
            "tomorrow": "Gör det här i morgon",
            "content-note": "Innan du läser",
            "reflect": "Fundera",
            "trainer": "För utbildaren",
        },
    ),
    "en": Wording(
        source="Source",
        table="Table",
        show_answer="Show the answer",
        waived="by a trainer’s decision",
        blocks={
            "key-point": "Remember",
            "case": "Example",
            "practice": "Practice",
            "myth": "Myth",
            "checklist": "Checklist",
            "tomorrow": "Do this tomorrow",
            "content-note": "Before you read",
            "reflect": "Think it over",
            "trainer": "For the trainer",
        },
    ),
}


def wording(language: str) -> Wording:
    return WORDING.get(language, WORDING["en"])
