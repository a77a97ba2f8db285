"""One-page cards to hang by the desk: a module's key points and what to do tomorrow, or a tool's short form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from course.content.library import Contact, Library
from course.content.teaching import Block, TaughtModule
from course.domain.errors import NotThere
from course.domain.referral import Part
from course.exports.book_pages import FOLDER, Say
from course.exports.templates import templates

STYLE = FOLDER / "card.css"
#: The contacts that stand on every card, when the package has them, and how many stand on one.
ALWAYS = ("emergency", "assistance-system")
MOST_CONTACTS = 5

_LINK = re.compile(r"</?a\b[^>]*>")
_CITE = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
#: The lines of a list, and paragraphs, of a block.
_ITEM = re.compile(r"<li>(.*?)</li>|<p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CardPart:
    #: key, tomorrow, signs
    kind: str
    title: str
    lines: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class CardContact:
    name: str
    phone: str
    link: str


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card."""

    title: str
    parts: tuple[CardPart, ...]
    contacts: tuple[CardContact, ...]


def module_card(library: Library, module: TaughtModule, language: str, say: Say) -> Card:
    """What to remember of a module, and what to do tomorrow."""
    parts = [
        CardPart("key", say("Remember"), tuple(_lines(module.of("key-point")))),
        CardPart("tomorrow", say("Do this tomorrow"), tuple(_lines(module.of("tomorrow")))),
    ]
    lessons = [library.lesson(language, lesson_id) for lesson_id in library.module(module.id).lesson_ids]
    named = [contact for lesson in lessons for contact in lesson.contacts]
    return _card(library, language, f"{module.number}. {module.title}", parts, named)


def indicators_card(library: Library, setting_id: str, language: str, say: Say) -> Card:
    """The signs of one setting."""
    checklist = library.practice.indicators
    setting = next((one for one in checklist.settings if one.id == setting_id), None) if checklist else None
    if checklist is None or setting is None:
        raise NotThere(setting_id)
    words = checklist.words[language]
    parts = [
        CardPart("signs", say("Signs"), tuple(_plain(words.signs[setting.id][sign]) for sign in setting.signs)),
        CardPart(
            "signs", say("Signs everywhere"), tuple(_plain(words.everywhere[one]) for one in checklist.everywhere)
        ),
        CardPart("key", say("What to do then"), tuple(_plain(words.readings[one.id]) for one in checklist.then)),
    ]
    return _card(library, language, f"{words.title}: {words.settings[setting.id]}", parts, ())


def referral_card(library: Library, language: str, say: Say) -> Card:
    """What holds in every situation of the referral navigator: the advice without conditions."""
    navigator = library.practice.referral
    if navigator is None:
        raise NotThere("referral")
    words = navigator.words[language]
    titles = {
        Part.CALL: say("Whom to call"),
        Part.STEP: say("What to do, in this order"),
        Part.SAY: say("What you can say"),
        Part.AVOID: say("What not to do"),
        Part.WRITE: say("What to write down"),
    }
    always = [one for one in navigator.advice if not one.when]
    parts = [
        CardPart("key", title, tuple(_plain(words.advice[one.id]) for one in always if one.part is part))
        for part, title in titles.items()
    ]
    return _card(library, language, words.title, parts, [one.contact for one in always if one.contact])


def _card(library: Library, language: str, title: str, parts: Sequence[CardPart], named: Iterable[str]) -> Card:
    ids = [one for one in dict.fromkeys([*ALWAYS, *named]) if one in library.contacts]
    contacts = [library.contacts[one] for one in ids]
    with_phone = [_contact(one, language) for one in contacts if one.phone]
    return Card(title, tuple(part for part in parts if part.lines), tuple(with_phone[:MOST_CONTACTS]))


def card_words(say: Say) -> dict[str, str]:
    """The words of the interface that stand on a card."""
    return {
        "card": say("Card"),
        "call": say("Whom to call"),
        "sources": say("The sources of the facts are on the pages of the course."),
    }


def card_page(library: Library, card: Card, language: str, say: Say) -> str:
    """A card as an HTML document for print."""
    return (
        templates(FOLDER)
        .get_template("card.html")
        .render(
            lang=language,
            title=card.title,
            course=library.title[language],
            version=say("edition %(edition)s", edition=library.edition),
            parts=card.parts,
            contacts=card.contacts,
            words=card_words(say),
        )
    )


def _contact(contact: Contact, language: str) -> CardContact:
    return CardContact(contact.name[language], contact.phone.replace(" ", "\u00a0"), contact.phone_link)


def _lines(blocks: Iterable[Block]) -> Iterator[Markup]:
    for block in blocks:
        for item, paragraph in _ITEM.findall(block.html):
            yield _plain(item or paragraph)


def _plain(html: str) -> Markup:
    """A line without links: on a card they lead nowhere."""
    return Markup(_LINK.sub("", _CITE.sub("", html)).strip())  # noqa: S704 - the content's own safe HTML
