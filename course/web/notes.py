"""Notes and bookmarks that stay on the reader's device: the page that lists them, and the words of their script.

Nothing of what is typed comes here: there is no address that would take it. The pages only bring the script.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify

from course.domain.permission import Permission
from course.web.area import Area, Route
from course.web.headers import OWN
from course.web.pages_notes import NotesScript
from course.web.presenting import Presenter
from course.web.site import Site

#: Letters of one note: a browser keeps five megabytes for a whole site.
LONGEST_NOTE = 2000


def notes_script(site: Site, lang: str) -> NotesScript:
    """What a page tells the script of the notes. The key is the same in every language of the course."""
    return NotesScript(
        key=f"notes:{site.library.id}",
        src=site.page_url("asset", name=site.assets.names["notes.js"]),
        words_url=site.page_url("notes_words", lang=lang),
        label=site.say(lang, "Add a note or bookmark"),
        kept=site.say(lang, "Open your note or bookmark"),
    )


class NotesArea(Area):
    def routes(self) -> Iterable[Route]:
        yield Route("/notes/", "notes", self.show, Permission.ANYONE)
        yield Route("/notes.json", "notes_words", self.words, Permission.ANYONE)

    def show(self, lang: str) -> Response:
        return self.record_page(
            lang,
            "notes.html",
            "progress",
            notes=notes_script(self.site, lang),
            style=self.asset_url("notes.css"),
        )

    def words(self, lang: str) -> Response:
        """What the script says, fetched when a note is first opened: before, it would weigh on every lesson."""
        say = Presenter(self.site, lang).say
        response = jsonify(
            bookmark=say("Bookmark this section"),
            bookmarked=say("Bookmark"),
            note=say("Your note"),
            warning=say("Do not write about clients: no names, no cases, nothing by which somebody could be known."),
            where=say("It stays in this browser and is never sent. Whoever uses the same computer can read it."),
            saved=say("Saved in this browser only"),
            removed=say("Removed"),
            full=say("This browser could not save it. Its storage may be full or turned off."),
            close=say("Close"),
            remove=say("Remove"),
            all=say("All notes and bookmarks"),
            none=say("There are no notes or bookmarks in this browser."),
            file=say("notes.txt"),
            longest=LONGEST_NOTE,
            url=self.site.page_url("notes", lang=lang),
            style=self.asset_url("notes.css"),
        )
        response.headers["Cache-Control"] = OWN
        return response
