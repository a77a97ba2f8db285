"""The session kit: plan, slides, case cards and sign-in sheet for a training, out of the texts of the course.

Here it becomes a page; `tagged_press` makes the PDF of it, in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from markupsafe import Markup

from course.content.formats import clock_time, long_date
from course.content.library import Library
from course.content.teaching import Block, TaughtModule
from course.domain.session_plan import Exercise, Plan, Planned, Step, plan_session
from course.exports.templates import templates

FOLDER = Path(__file__).parent / "kit"
STYLE = FOLDER / "kit.css"
SIGN_IN_ROWS = 24

Say = Callable[..., str]
#: A trainer's note with the module it belongs to.
Note = tuple[TaughtModule, Block]
#: The paragraphs of a case that think it through begin with a question in bold type.
_QUESTION = re.compile(r"<p><strong>(.*?)</strong>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KitSession:
    """The session that a kit is for. Without a moment the plan counts from the beginning."""

    title: str
    minutes: int
    starts_at: datetime | None = None
    place: str = ""
    agenda: str = ""


@dataclass(frozen=True, slots=True)
class PlanRow:
    time: str
    minutes: int
    title: str
    where: str
    html: Markup


@dataclass(frozen=True, slots=True)
class CaseCard:
    number: int
    title: str
    module: str
    story: Markup
    questions: tuple[Markup, ...]
    #: The whole of it, for the trainer.
    thinking: Markup


@dataclass(frozen=True, slots=True)
class Slide:
    #: module, key-point, checklist, tomorrow
    kind: str
    title: str
    html: Markup


def kit_page(library: Library, modules: Sequence[TaughtModule], session: KitSession, language: str, say: Say) -> str:
    """The whole kit as one HTML document for print."""
    notes = [(module, block) for module in modules for block in module.of("trainer")]
    plan = plan_session([Exercise(module.id, block.minutes) for module, block in notes], session.minutes)
    return (
        templates(FOLDER)
        .get_template("kit.html")
        .render(
            lang=language,
            session=session,
            course=library.title[language],
            edition=library.edition,
            words=_words(say),
            when=_when(session, language),
            modules=modules,
            rows=[_row(step, notes, session, language, say) for step in plan.steps],
            left_over=[_left_over(notes, place) for place in plan.left_over],
            slides=list(_slides(modules)),
            cards=_cards(modules),
            sign_in_rows=range(SIGN_IN_ROWS),
            length=_length(plan, say),
        )
    )


def _words(say: Say) -> dict[str, str]:
    return {
        "kit": say("Session kit"),
        "plan": say("Plan"),
        "time": say("Time"),
        "what": say("What you do"),
        "minutes": say("Minutes"),
        "topics": say("Topics"),
        "left_over": say("More exercises, if you have time or want to exchange one"),
        "slides": say("Slides"),
        "cards": say("Case cards"),
        "for_group": say("For the group"),
        "for_trainer": say("For the trainer: how to think it through"),
        "discuss": say("Talk about it"),
        "fictional": say("The cases are fictional. Nobody tells of a real client, not even without a name."),
        "sign_in": say("Sign-in sheet"),
        "name": say("Name"),
        "organisation": say("Organisation"),
        "signature": say("Signature"),
        "keep": say(
            "The trainer keeps this list, writes the names into the record of the session and then destroys it."
        ),
        "leave": say("Say at the start: you may leave the room at any time, and nobody has to tell of herself."),
        "goals": say("After this you can"),
        "sources": say("The sources of the facts are on the pages of the course."),
    }


def _when(session: KitSession, language: str) -> str:
    if session.starts_at is None:
        return ""
    ends = session.starts_at + timedelta(minutes=session.minutes)
    times = f"{clock_time(session.starts_at, language)}–{clock_time(ends, language)}"
    return f"{long_date(session.starts_at, language)} {times}"


def _length(plan: Plan, say: Say) -> str:
    hours, minutes = divmod(plan.minutes, 60)
    if not minutes:
        return say("%(hours)s h", hours=hours)
    return say("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)


def _row(step: Planned, notes: Sequence[Note], session: KitSession, language: str, say: Say) -> PlanRow:
    if session.starts_at is not None:
        time = clock_time(step.starts_at(session.starts_at), language)
    else:
        time = f"{step.starts // 60}:{step.starts % 60:02}"
    if step.exercise is not None:
        module, block = notes[step.exercise]
        return PlanRow(time, step.minutes, block.lesson_title, module.title, Markup(block.html))  # noqa: S704
    title, text = _other_step(step.step, session, say)
    return PlanRow(time, step.minutes, title, "", Markup("<p>%s</p>") % text if text else Markup())


def _other_step(step: Step, session: KitSession, say: Say) -> tuple[str, str]:
    if step is Step.OPENING:
        return say("Opening"), session.agenda or say(
            "Who is here, what we do today, and how we talk about hard things."
        )
    if step is Step.BREAK:
        return say("Break"), ""
    if step is Step.QUESTIONS:
        return say("Questions"), say("Time for what the group wants to ask, or for one more exercise.")
    return say("Closing"), say("Everybody says one thing that she does tomorrow. Show how to go on with the course.")


def _left_over(notes: Sequence[Note], place: int) -> PlanRow:
    module, block = notes[place]
    return PlanRow("", block.minutes, block.lesson_title, module.title, Markup(block.html))  # noqa: S704


def _slides(modules: Sequence[TaughtModule]) -> Iterator[Slide]:
    for module in modules:
        yield Slide("module", f"{module.number}. {module.title}", _list(module.objectives))
        for block in module.blocks:
            if block.name in ("key-point", "checklist", "tomorrow"):
                title = block.lesson_title if block.name == "key-point" else block.title
                yield Slide(block.name, title, Markup(block.html))  # noqa: S704


def _list(lines: Sequence[str]) -> Markup:
    items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
    return Markup("<ul>%s</ul>") % items


def _cards(modules: Sequence[TaughtModule]) -> list[CaseCard]:
    cases = [(module, block) for module in modules for block in module.of("case")]
    return [_card(number, module, block) for number, (module, block) in enumerate(cases, 1)]


def _card(number: int, module: TaughtModule, block: Block) -> CaseCard:
    """The group gets the story and the questions, the trainer the whole case."""
    first = _QUESTION.search(block.html)
    story = block.html[: first.start()] if first else block.html
    return CaseCard(
        number,
        block.title,
        f"{module.number}. {module.title}",
        Markup(story),  # noqa: S704
        tuple(Markup(question) for question in _QUESTION.findall(block.html)),  # noqa: S704
        Markup(block.html[first.start() :]) if first else Markup(),  # noqa: S704
    )
