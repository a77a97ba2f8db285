"""The kit of a session: asked for on its page, made by the worker, fetched when it is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from course.content.library import Library
from course.content.teaching import taught_modules
from course.domain.errors import NotThere
from course.domain.permission import Staff
from course.domain.session_plan import HALF_DAY
from course.exports.session_kit import STYLE, KitSession, kit_page
from course.exports.tagged_press import print_tagged
from course.services.sessions import session_for
from course.services.work import GiveUp
from course.storage import sessions
from course.storage.engine import Store
from course.storage.outbox import add_task
from course.storage.sessions import StoredKit, StoredSession

SESSION_KIT = "session-kit"

#: say(language, text, **values)
Say = Callable[..., str]


class KitMaker:
    """Makes kits out of a content package."""

    def __init__(self, root: Path, library: Library, fonts: Path, say: Say) -> None:
        self._root, self._library, self._fonts, self._say = root, library, fonts, say

    def make(self, kit: KitSession, module_ids: Sequence[str], language: str) -> bytes:
        """The PDF. Raises PdfNotAvailable on a machine that cannot make PDF files."""
        modules = taught_modules(self._root, self._library, module_ids, language)
        page = kit_page(self._library, modules, kit, language, partial(self._say, language))
        return print_tagged(page, (STYLE,), self._fonts)


def general_kit(library: Library, track_id: str, language: str) -> tuple[KitSession, tuple[str, ...]]:
    """A half day about a track, for no session in particular."""
    track = library.track(track_id)
    return KitSession(track.title[language], HALF_DAY), track.module_ids


def ask_for_kit(store: Store, library: Library, staff: Staff, session_id: int, language: str, *, now: datetime) -> None:
    """Have the kit made. Asking again while it is being made changes nothing."""
    if language not in library.languages:
        raise NotThere(language)
    with store.writing() as session:
        training = session_for(session.connection(), staff, session_id)
        source = source_of(library, training)
        known = {kit.language: kit for kit in sessions.kits_of(session.connection(), session_id)}.get(language)
        if known is not None and known.source == source and known.made_at is None:
            return
        sessions.ask_for_kit(session, session_id, language, source=source, now=now)
        add_task(session, SESSION_KIT, {"session": session_id, "language": language, "source": source}, now=now)


def kits_of(connection: Connection, library: Library, training: StoredSession) -> dict[str, tuple[StoredKit, bool]]:
    """By language: the kit, and whether it still says what the session and the course say."""
    source = source_of(library, training)
    return {kit.language: (kit, kit.source == source) for kit in sessions.kits_of(connection, training.id)}


def kit_file(connection: Connection, staff: Staff, session_id: int, language: str) -> bytes:
    session_for(connection, staff, session_id)
    found = sessions.kit_file(connection, session_id, language)
    if found is None:
        raise NotThere(str(session_id))
    return found


def source_of(library: Library, training: StoredSession) -> str:
    """What a kit is made of, as one word: the session as its calendar entry tells it, and the content."""
    return hashlib.sha256(f"{training.uid} {training.sequence} {library.hash}".encode()).hexdigest()


class KitHandler:
    """What the worker does with a kit that was asked for."""

    def __init__(self, store: Store, library: Library, maker: KitMaker, now: Callable[[], datetime]) -> None:
        self._store, self._library, self._maker, self._now = store, library, maker, now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        session_id, language, source = payload["session"], payload["language"], payload["source"]
        with self._store.reading() as connection:
            training = sessions.session_by_id(connection, session_id)
        if training is None:
            raise GiveUp("the session is not there any more")
        if source_of(self._library, training) != source:
            # The session was changed meanwhile; whoever wants the kit asks for the new one.
            return
        # No transaction is open while the file is made.
        pdf = self._maker.make(kit_of(training), training.module_ids, language)
        with self._store.writing() as session:
            sessions.keep_kit(session, session_id, language, source=source, pdf=pdf, now=self._now())


def kit_of(training: StoredSession) -> KitSession:
    minutes = int((training.ends_at - training.starts_at).total_seconds() // 60)
    return KitSession(training.title, minutes, training.starts_at, training.place, training.agenda)
