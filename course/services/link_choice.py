"""What a new link on a platform may lead to, and the signed answer that takes the choice there (Deep Linking)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from course.domain.launch import CHOICE_LASTS, MOST_POINTS, LaunchRefused, Part, Refusal, Target
from course.exports.launch_keys import launch_key
from course.lti.messages import Choosing
from course.lti.outgoing import choice_message, link_item
from course.services.launches import Choice, Course, address_of, known_platform
from course.services.second_factor import SiteKeys


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that a link may lead to."""

    #: "course", "module:…" or "quiz:…".
    id: str
    target: Target
    title: str
    text: str


def offered(course: Course, language: str, quiz_title: str) -> list[Offered]:
    """The course, each module and each quiz, in their order. `quiz_title` has a place for the module's title."""
    library = course.library
    found = [Offered("course", Target(Part.COURSE), library.title[language], library.subtitle[language])]
    for module in library.modules:
        title = module.title[language]
        words = " ".join(module.objective_words[one][language] for one in module.objectives[:1])
        found.append(Offered(f"module:{module.id}", Target(Part.MODULE, module.id), title, words))
        if module.quiz:
            named = quiz_title % {"title": title}
            found.append(Offered(f"quiz:{module.id}", Target(Part.QUIZ, module.id), named, ""))
    return found


def seal_choice(keys: SiteKeys, choice: Choice) -> str:
    """What the page keeps while somebody chooses. Nobody can change it, and it ends by itself."""
    kept = {
        "platform": choice.platform.id,
        "deployment": choice.deployment_id,
        "locale": choice.locale,
        "choosing": asdict(choice.choosing),
    }
    return keys.seal(json.dumps(kept).encode())


def open_choice(course: Course, keys: SiteKeys, sealed: str) -> Choice:
    """Raises LaunchRefused when it was open for too long, is not ours, or its platform is let in no more."""
    kept = keys.unseal(sealed, lasts=int(CHOICE_LASTS.total_seconds())) if sealed else None
    if kept is None:
        raise LaunchRefused(Refusal.CHOICE_ENDED)
    said = json.loads(kept)
    with course.store.reading() as connection:
        platform = known_platform(connection, said["platform"])
    return Choice(platform, said["deployment"], Choosing(**said["choosing"]), said["locale"])


def chosen_message(
    course: Course, choice: Choice, chosen: Sequence[Offered], key_folder: Path, *, now: datetime
) -> str:
    """The links for the platform, signed."""
    items = [
        link_item(
            address_of(course, one.target),
            one.title,
            one.text,
            most=MOST_POINTS if choice.choosing.line_items else 0,
            tag=one.id,
        )
        for one in chosen
    ]
    return choice_message(
        choice.platform.known, launch_key(key_folder), choice.choosing, choice.deployment_id, items, now
    )


def picked(choice: Choice, all_offered: Sequence[Offered], ids: Collection[str]) -> list[Offered]:
    """Those that were ticked; one at most where the platform takes one."""
    found = [one for one in all_offered if one.id in ids]
    return found if choice.choosing.several else found[:1]
