"""What the templates are given for notes that stay on the device."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotesScript:
    #: Where the browser keeps the notes of this course.
    key: str
    src: str
    words_url: str
    #: The button at a section without a note, and at one with it.
    label: str
    kept: str
