"""Texts in two languages side by side, so that whoever knows both can check a translation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request

from course.content.findings import ContentError
from course.content.folders import content_root
from course.content.library import Module
from course.content.translation_state import TranslationState, translation_state
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.web.area import Route
from course.web.pages import Link
from course.web.pages_texts import ModuleTexts, PairForm, TextRow
from course.web.presenting import Presenter
from course.web.staff import StaffArea
from course.web.text_pairs import TextPairs, name_of, quiz_path


class SideBySideArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        yield Route("/admin/texts/", "texts", self.texts, admin)
        yield Route("/admin/texts/<module_id>/quiz/", "question_pairs", self.questions, admin)
        yield Route("/admin/texts/<module_id>/<lesson_id>/", "section_pairs", self.sections, admin)

    def texts(self, lang: str) -> Response:
        languages, state = self._two(), self._state()
        pairs = TextPairs(Presenter(self.site, lang), (), state)
        return self._page(
            lang,
            "texts.html",
            form=self._form(lang, self.site.url("texts", lang=lang), languages, state),
            modules=[self._module(pairs, module, languages) for module in self.site.library.modules],
            overview=Link(self.site.say(lang, "Administration"), self.site.url("admin", lang=lang)),
        )

    def sections(self, lang: str, module_id: str, lesson_id: str) -> Response:
        library, languages, state = self.site.library, self._two(), self._state()
        module = library.module(module_id)
        if lesson_id not in module.lesson_ids:
            raise NotThere(lesson_id)
        pairs = self._pairs(lang, languages, state)
        lessons = [library.lesson(side, lesson_id) for side in languages]
        return self._page(
            lang,
            "text_sections.html",
            form=self._form(lang, self._url(lang, "section_pairs", module_id, lesson_id), languages, state),
            title=library.lesson(lang, lesson_id).title,
            columns=pairs.columns(lessons),
            rows=pairs.sections(lessons) if len(languages) > 1 else (),
            **self._around(lang, module, module.lesson_ids.index(lesson_id), languages),
        )

    def questions(self, lang: str, module_id: str) -> Response:
        languages, state = self._two(), self._state()
        module = self.site.library.module(module_id)
        if module.quiz is None:
            raise NotThere(module_id)
        pairs = self._pairs(lang, languages, state)
        return self._page(
            lang,
            "text_questions.html",
            form=self._form(lang, self._url(lang, "question_pairs", module_id), languages, state),
            title=module.title[lang],
            columns=pairs.quiz_columns(module),
            rows=tuple(pairs.questions(module)) if len(languages) > 1 else (),
            **self._around(lang, module, len(module.lesson_ids), languages),
        )

    def _page(self, lang: str, template: str, **values: Any) -> Response:
        response = self.staff_page(lang, template, "admin", style=self.asset_url("texts.css"), **values)
        # Nobody else can open them, but the keys of all quizzes stand here.
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    # The two languages

    def _two(self) -> tuple[str, ...]:
        """Left and right as they were asked for; the source text and its first translation when they were not."""
        library = self.site.library
        if len(library.languages) == 1:
            return library.languages
        left = self._asked("left", library.source_language)
        others = (library.source_language, *library.languages)
        return left, self._asked("right", next(one for one in others if one != left))

    def _asked(self, name: str, otherwise: str) -> str:
        found = request.args.get(name, "") or otherwise
        if found not in self.site.library.languages:
            raise NotThere(found)
        return found

    def _pairs(self, lang: str, languages: tuple[str, ...], state: TranslationState | None) -> TextPairs:
        sides = tuple(Presenter(self.site, side) for side in languages)
        return TextPairs(Presenter(self.site, lang), sides, state)

    def _form(self, lang: str, url: str, languages: tuple[str, ...], state: TranslationState | None) -> PairForm | None:
        """None where there is nothing to choose from."""
        if len(languages) == 1:
            return None
        left, right = languages
        choices = tuple((code, name_of(code)) for code in self.site.library.languages)
        return PairForm(url, choices, left, right, left == right, self._unknown(lang, state))

    def _state(self) -> TranslationState | None:
        try:
            return translation_state(content_root(current_app.config["COURSE_CONTENT_DIR"] or None))
        except ContentError:
            return None

    def _unknown(self, lang: str, state: TranslationState | None) -> str:
        if state is None:
            return self.site.say(lang, "The files on the disk have faults, so this cannot be told now.")
        if state.hash != self.site.library.hash:
            return self.site.say(
                lang,
                "The files on the disk are others than the texts here: the marks are those of the files. "
                "The texts follow when the site is started again.",
            )
        return ""

    # The pages around

    def _module(self, pairs: TextPairs, module: Module, languages: tuple[str, ...]) -> ModuleTexts:
        lang, library = pairs.reader.language, self.site.library
        rows = []
        for lesson_id in module.lesson_ids:
            lessons = [library.lesson(side, lesson_id) for side in library.languages]
            url = self._url(lang, "section_pairs", module.id, lesson_id, languages)
            paths = {one.language: (one.path, one.words) for one in lessons}
            rows.append(self._row(pairs, library.lesson(lang, lesson_id).title, url, paths))
        if module.quiz is not None:
            url = self._url(lang, "question_pairs", module.id, languages=languages)
            paths = {side: (quiz_path(side, module), pairs.quiz_words(side, module)) for side in library.languages}
            rows.append(self._row(pairs, self.site.say(lang, "Questions of the quiz"), url, paths))
        return ModuleTexts(module.id, module.number, module.title[lang], tuple(rows))

    @staticmethod
    def _row(pairs: TextPairs, title: str, url: str, files: dict[str, tuple[str, int]]) -> TextRow:
        """`files` are (path, words) by language."""
        words, behind = [], []
        for language, (path, number) in files.items():
            name = name_of(language)
            words.append((name, number))
            mark, state = pairs.state_of(language, path)
            if mark == "late":
                behind.append(f"{name}: {state}")
        return TextRow(title, url, tuple(words), tuple(behind))

    def _around(self, lang: str, module: Module, place: int, languages: tuple[str, ...]) -> dict[str, Any]:
        """The way back, and the neighbours in the module: its lessons, and after them its questions."""
        query = self._query(languages)
        say = self.site.say
        pages = [
            Link(self.site.library.lesson(lang, one).title, self._url(lang, "section_pairs", module.id, one, languages))
            for one in module.lesson_ids
        ]
        if module.quiz is not None:
            url = self._url(lang, "question_pairs", module.id, languages=languages)
            pages.append(Link(say(lang, "Questions of the quiz"), url))
        return {
            "way": (
                Link(say(lang, "Administration"), self.site.url("admin", lang=lang)),
                Link(say(lang, "Texts side by side"), self.site.url("texts", lang=lang) + query),
            ),
            "module": f"{module.number}. {module.title[lang]}",
            "previous": pages[place - 1] if place else None,
            "next": pages[place + 1] if place + 1 < len(pages) else None,
        }

    def _url(
        self, lang: str, endpoint: str, module_id: str, lesson_id: str = "", languages: tuple[str, ...] = ()
    ) -> str:
        names = {"module_id": module_id} | ({"lesson_id": lesson_id} if lesson_id else {})
        return self.site.url(endpoint, lang=lang, **names) + self._query(languages)

    @staticmethod
    def _query(languages: tuple[str, ...]) -> str:
        return f"?{urlencode(dict(zip(('left', 'right'), languages, strict=True)))}" if len(languages) > 1 else ""
