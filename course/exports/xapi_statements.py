"""Statements of xAPI 1.0.3 about what a learner did here, with the verbs and the extensions of the cmi5 profile.

They come from the course's own site and from no launch, so they do not claim cmi5's category; what a verb means is the
same. The actor is a pseudonym: the address of the course, and a name made with a key of this site.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from course.content.library import Library, Words
from course.domain.errors import NotThere
from course.domain.learning_event import LearningEvent, What

Statement = dict[str, Any]

VERBS = {
    What.PROGRESSED: "http://adlnet.gov/expapi/verbs/progressed",
    What.PASSED: "http://adlnet.gov/expapi/verbs/passed",
    What.FAILED: "http://adlnet.gov/expapi/verbs/failed",
    What.COMPLETED: "http://adlnet.gov/expapi/verbs/completed",
    What.WAIVED: "https://w3id.org/xapi/adl/verbs/waived",
    What.SATISFIED: "https://w3id.org/xapi/adl/verbs/satisfied",
}
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
COURSE_TYPE = "https://w3id.org/xapi/cmi5/activitytype/course"
BLOCK_TYPE = "https://w3id.org/xapi/cmi5/activitytype/block"
MODULE_TYPE = "http://adlnet.gov/expapi/activities/module"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
#: Why a module was waived: the words of cmi5 for what an administrative system decides.
_WAIVED_BY = "Administrative"
#: What the course is called where it speaks itself; a pseudonym is longer.
_COURSE = "course"


def pseudonym(secret_key: str, learner_id: int) -> str:
    """The name of a learner for a record store: the same for all that she does, and nobody's outside this site."""
    return hmac.new(secret_key.encode(), f"xapi:learner:{learner_id}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class StatementMaker:
    library: Library
    #: Where the course is mounted, as it is seen from outside; statements and their actors are named after it.
    home: str
    secret_key: str
    #: Language tags of the words.
    tag: Callable[[str], str] = str

    def statement(self, learner_id: int, event: LearningEvent) -> Statement | None:
        """The statement of an event; None for a module, lesson or track that this edition does not have."""
        try:
            target = self._target(event)
        except NotThere:
            return None
        name = pseudonym(self.secret_key, learner_id)
        made: Statement = {
            "id": str(self._uuid(f"{name}:{event.key}")),
            "actor": {"objectType": "Agent", "account": {"homePage": self.home, "name": name}},
            "verb": {"id": VERBS[event.what], "display": {"en": event.what.value}},
            "object": target,
            "context": self._context(event, name),
            "timestamp": _moment(event.at),
        }
        if result := self._result(event):
            made["result"] = result
        return made

    def voiding(self, learner_id: int, key: str, at: datetime) -> Statement:
        """That the statement of an event does not count any more: the course itself says so."""
        name = pseudonym(self.secret_key, learner_id)
        return {
            "id": str(self._uuid(f"{name}:voided:{key}")),
            "actor": {"objectType": "Agent", "account": {"homePage": self.home, "name": _COURSE}},
            "verb": {"id": VOIDED, "display": {"en": "voided"}},
            "object": {"objectType": "StatementRef", "id": str(self._uuid(f"{name}:{key}"))},
            "timestamp": _moment(at),
        }

    def _uuid(self, name: str) -> uuid.UUID:
        """The same for the same thing, so that telling it twice is telling it once."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.home}#{name}")

    def _target(self, event: LearningEvent) -> dict[str, Any]:
        library = self.library
        if event.what is What.SATISFIED:
            track = library.track(event.subject)
            return self._activity(f"tracks/{track.id}", BLOCK_TYPE, track.title)
        module_id = event.subject
        if event.what is What.PROGRESSED:
            module_id = library.lesson(library.source_language, event.subject).module_id
        return self._activity(f"modules/{module_id}", MODULE_TYPE, library.module(module_id).title)

    def _activity(self, path: str, kind: str, title: Words) -> dict[str, Any]:
        names = {self.tag(language): words.replace("\u00ad", "") for language, words in title.items()}
        identity = f"{self.home}{path}" if path else self.home
        return {"objectType": "Activity", "id": identity, "definition": {"type": kind, "name": names}}

    def _context(self, event: LearningEvent, name: str) -> dict[str, Any]:
        context: dict[str, Any] = {
            "registration": str(self._uuid(f"registration:{name}")),
            "platform": self.library.title[self.library.source_language].replace("\u00ad", ""),
            "revision": event.edition,
            "language": self.tag(event.language),
            "contextActivities": {"grouping": [self._activity("", COURSE_TYPE, self.library.title)]},
        }
        if event.what in (What.PASSED, What.FAILED):
            context["extensions"] = {MASTERY: self.library.pass_mark / 100}
        return context

    def _result(self, event: LearningEvent) -> dict[str, Any]:
        match event.what:
            case What.PROGRESSED:
                return {"extensions": {PROGRESS: self._progress(event)}}
            case What.PASSED | What.FAILED:
                percent = event.percent or 0
                score = {"scaled": percent / 100, "raw": percent, "min": 0, "max": 100}
                assert event.began_at is not None
                duration = _duration(event.at - event.began_at)
                return {"score": score, "success": event.what is What.PASSED, "duration": duration}
            case What.COMPLETED:
                return {"completion": True}
            case What.WAIVED:
                return {"success": True, "completion": True, "extensions": {REASON: _WAIVED_BY}}
        return {}

    def _progress(self, event: LearningEvent) -> int:
        """Whole percent of the module's lessons, read up to this one."""
        module_id = self.library.lesson(self.library.source_language, event.subject).module_id
        lessons = self.library.module(module_id).lesson_ids
        return 100 * len(set(lessons) & set(event.lessons_read)) // len(lessons)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _duration(length: timedelta) -> str:
    """ISO 8601, to hundredths of a second, as xAPI compares them; a clock that was set back makes no negative one."""
    seconds = max(length.total_seconds(), 0)
    return f"PT{seconds:.2f}S"
