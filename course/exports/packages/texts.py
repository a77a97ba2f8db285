"""The texts of a package in one language, as the files that its pages load: one a lesson, one a quiz, one a case."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.content.library import Lesson, Library, Module, Term
from course.content.practice import Case
from course.exports.book_pages import book_contacts
from course.exports.packages.words import Say, interface_words

_LINK = re.compile(r'<a\b([^>]*)href="(term|lesson|section|source):([a-z0-9-]+)"([^>]*)>(.*?)</a>', re.DOTALL)


def script_of(name: str, value: object) -> bytes:
    """A file of texts: a script, because from a disk nothing may be fetched."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # These two end a line in the scripts of older browsers.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"coursePackage.add({json.dumps(name)},{text});\n".encode()


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of these modules in one language."""

    library: Library
    modules: Sequence[Module]
    language: str
    say: Say
    exit_url: str
    cases: Sequence[Case]

    def files(self) -> Iterator[tuple[str, Any]]:
        """(name, what is in it)"""
        yield f"{self.language}/words", self._words()
        for module in self.modules:
            for lesson_id in module.lesson_ids:
                yield f"{self.language}/lessons/{lesson_id}", self._lesson(lesson_id)
            yield f"{self.language}/quizzes/{module.id}", self._quiz(module)
        for case in self.cases:
            yield f"{self.language}/cases/{case.id}", self._case(case)

    def _words(self) -> dict[str, Any]:
        library, language = self.library, self.language
        lessons = [library.lesson(language, one) for module in self.modules for one in module.lesson_ids]
        return {
            "language": language,
            "interface": interface_words(self.say),
            "title": library.title[language],
            "subtitle": library.subtitle[language],
            "notice": library.notice[language],
            "exitUrl": self.exit_url,
            "modules": {module.id: self._module(module) for module in self.modules},
            "lessons": {lesson.id: self._lesson_title(lesson) for lesson in lessons},
            "cases": {one.id: self._case_title(one) for one in self.cases},
            "contacts": [
                {"id": one.id, "name": one.name, "when": one.when, "lines": [list(line) for line in one.lines]}
                for one in book_contacts(tuple(library.contacts.values()), language, self.say)
            ],
            "terms": [
                {"id": term.id, "word": term.words[language], "meaning": term.meaning[language]}
                for term in self._terms(lessons)
            ],
        }

    def _terms(self, lessons: Sequence[Lesson]) -> list[Term]:
        """The whole glossary with the whole course, else the terms that the lessons use, by their words."""
        terms = self.library.terms
        used = {term for lesson in lessons for term in lesson.terms}
        whole = len(self.modules) == len(self.library.modules)
        shown = [term for term in terms.values() if whole or term.id in used]
        return sorted(shown, key=lambda term: term.words[self.language].casefold())

    def _lesson_title(self, lesson: Lesson) -> dict[str, Any]:
        sections = [{"id": section.id, "title": section.title} for section in lesson.sections]
        return {"title": lesson.title, "minutes": lesson.minutes, "sections": sections}

    def _module(self, module: Module) -> dict[str, Any]:
        language = self.language
        return {
            "title": module.title[language],
            "summary": module.summary[language],
            "objectives": [module.objective_words[one][language] for one in module.objectives],
        }

    def _case_title(self, case: Case) -> dict[str, str]:
        words = case.words[self.language]
        return {"title": words.title, "summary": words.summary}

    def _lesson(self, lesson_id: str) -> dict[str, Any]:
        lesson = self.library.lesson(self.language, lesson_id)
        return {
            "html": self._linked(lesson.html, lesson_id),
            "sources": [self._source(one) for one in lesson.sources],
        }

    def _source(self, source_id: str) -> dict[str, str]:
        source = self.library.sources[source_id]
        title, language = source.title_in(self.language)
        return {
            "id": source.id,
            "title": title,
            "language": "" if language == self.language else language,
            "owner": source.owner,
            "published": source.published,
            "url": source.url,
        }

    def _quiz(self, module: Module) -> dict[str, Any]:
        words = self.library.quiz(module.id).words[self.language]
        return {
            "questions": {
                question_id: {
                    "ask": self._linked(one.ask),
                    "options": {
                        option: {"text": self._linked(said.text), "why": self._linked(said.why)}
                        for option, said in one.options.items()
                    },
                    "targets": {target: self._linked(text) for target, text in one.targets.items()},
                }
                for question_id, one in words.items()
            }
        }

    def _case(self, case: Case) -> dict[str, Any]:
        words = case.words[self.language]
        return {
            **self._case_title(case),
            "nodes": {
                node_id: {
                    "text": self._linked(node.text),
                    "why": self._linked(node.why),
                    "choices": {
                        choice: {"text": self._linked(said.text), "why": self._linked(said.why)}
                        for choice, said in node.choices.items()
                    },
                }
                for node_id, node in words.nodes.items()
            },
        }

    def _linked(self, html: str, lesson_id: str = "") -> str:
        """The content's own HTML with addresses inside the package. What leads out of it is a word, not a link."""
        make: Mapping[str, Callable[[str], str]] = {
            "term": lambda name: f"glossary/{name}",
            "source": lambda name: f"lessons/{lesson_id}/source-{name}" if lesson_id else "",
            "lesson": self._lesson_place,
            "section": self._section_place,
        }

        def address(found: re.Match[str]) -> str:
            before, scheme, name, after, words = found.groups()
            place = make[scheme](name)
            return f'<a{before}href="#/{self.language}/{place}"{after}>{words}</a>' if place else words

        return _LINK.sub(address, html)

    def _lesson_place(self, lesson_id: str) -> str:
        inside = any(lesson_id in module.lesson_ids for module in self.modules)
        return f"lessons/{lesson_id}" if inside else ""

    def _section_place(self, section_id: str) -> str:
        _, lesson_id = self.library.lesson_of_section(section_id)
        place = self._lesson_place(lesson_id)
        return f"{place}/{section_id}" if place else ""
