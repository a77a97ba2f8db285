"""The mails of the refreshers: one that asks whether an address is right, and those with a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from course.content.library import Library
from course.content.plain import plain
from course.domain.quiz import Kind
from course.services.attempts import AskedQuestion
from course.services.mail import Letter

#: say(language, text, **values)
Say = Callable[..., str]
_LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class LetterSite:
    """What the letters need of the site that sends them."""

    library: Library
    say: Say
    #: Address that stops all mails to an address, by its token.
    stop: Callable[[str], str]
    #: Address of the questions of one mail, by its token.
    questions: Callable[[str], str]
    #: Address that confirms a mail address, by its secret.
    confirm: Callable[[str], str]

    def known(self, language: str) -> str:
        """The reader's language, or the package's own where it does not have it."""
        return language if language in self.library.languages else self.library.source_language


def confirm_letter(site: LetterSite, language: str, secret: str) -> Letter:
    """Asks whether the address is right. Without a click nothing else ever comes."""
    known = site.known(language)
    course = site.library.title[known]
    paragraphs = [
        site.say(
            known, "Somebody, probably you, wants refreshers of the course %(course)s at this address.", course=course
        ),
        site.say(known, "A refresher is one case question by mail, four times in the half year after the course."),
        site.say(known, "If you want them, open this link within three days:"),
        f"  {site.confirm(secret)}",
        site.say(known, "If not, do nothing: no more mail comes, and the address is forgotten."),
    ]
    subject = site.say(known, "Do you want refreshers? %(course)s", course=course)
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def refresher_letter(
    site: LetterSite, language: str, asked: AskedQuestion, *, more: int, token: str, stop_url: str
) -> Letter:
    """The question with its options, without the answer; the link to it and to the others; and how to stop."""
    known = site.known(language)
    paragraphs = [
        site.say(known, "What would you do?"),
        *_question(asked, known),
        site.say(
            known, "Choose in your mind first. Then see which is right and why, and answer %(more)s more:", more=more
        ),
        f"  {site.questions(token)}",
        site.say(known, "It takes less than five minutes. There is no mark, and nobody but you sees your answers."),
        site.say(
            known,
            "You get this because you asked for refreshers after the course. If you want no more, stop them here:",
        ),
        f"  {stop_url}",
    ]
    subject = site.say(known, "What would you do? %(course)s", course=site.library.title[known])
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def _question(asked: AskedQuestion, language: str) -> list[str]:
    words = asked.shown.words.get(language) or next(iter(asked.shown.words.values()))
    options = [
        f"  {letter}  {plain(words.options[option].text)}"
        for letter, option in zip(_LETTERS, asked.option_order, strict=False)
    ]
    targets = [f"  –  {plain(words.targets[target])}" for target in asked.question.targets]
    lists = ["\n".join(options), "\n".join(targets)] if asked.question.kind is Kind.MATCH else ["\n".join(options)]
    return [plain(words.ask), *lists]
