"""The words of cases and tools rendered, and what the library gets of them."""

from __future__ import annotations

from course.content import practice, schema_practice
from course.content.markdown import Renderer
from course.content.package import INDICATORS, REFERRAL, Package, case_path, in_language
from course.content.page import Page
from course.content.rendering import KeyedText, Rendered
from course.content.typography import plain


def render_practice(package: Package, rendered: Rendered) -> None:
    """Render cases and tools in all languages; each text is kept for the check."""
    for language in package.spine.languages:
        renderer = Renderer(language, rendered.terms, rendered.sources, rendered.contacts)
        rendered.case_words[language] = {
            case_id: _Words(renderer, case_path(case_id, language), rendered.texts).case(words)
            for case_id, words in package.case_words.get(language, {}).items()
        }
        referral, indicators = package.referral_words.get(language), package.indicators_words.get(language)
        if referral is not None:
            words_of = _Words(renderer, in_language(REFERRAL, language), rendered.texts)
            rendered.referral_words[language] = words_of.referral(referral)
        if indicators is not None:
            words_of = _Words(renderer, in_language(INDICATORS, language), rendered.texts)
            rendered.indicators_words[language] = words_of.indicators(indicators)


class _Words:
    """Renders one file of words in one language."""

    def __init__(self, renderer: Renderer, path: str, texts: list[KeyedText]) -> None:
        self.renderer, self.path, self.texts = renderer, path, texts

    def case(self, words: schema_practice.CaseWords) -> practice.CaseWords:
        return practice.CaseWords(
            self.plain("title", typed=words.title),
            self.plain("summary", typed=words.summary),
            {node_id: self.node(node_id, text) for node_id, text in words.nodes.items()},
        )

    def node(self, node_id: str, text: schema_practice.NodeText) -> practice.NodeWords:
        at = ("nodes", node_id)
        choices = {
            choice_id: practice.ChoiceWords(
                self.html(*at, "choices", choice_id, "text", typed=one.text),
                self.html(*at, "choices", choice_id, "why", typed=one.why),
            )
            for choice_id, one in text.choices.items()
        }
        why = self.html(*at, "why", typed=text.why) if text.why else ""
        return practice.NodeWords(self.html(*at, "text", typed=text.text), choices, why)

    def referral(self, words: schema_practice.ReferralWords) -> practice.ReferralWords:
        questions = {
            name: practice.AskedWords(
                self.plain("questions", name, "ask", typed=text.ask),
                {one: self.html("questions", name, "options", one, typed=said) for one, said in text.options.items()},
            )
            for name, text in words.questions.items()
        }
        return practice.ReferralWords(
            self.plain("title", typed=words.title),
            self.plain("summary", typed=words.summary),
            questions,
            self.each("advice", texts=words.advice),
        )

    def indicators(self, words: schema_practice.IndicatorsWords) -> practice.IndicatorsWords:
        readings = {
            **self.each("means", texts=words.means),
            **self.each("means_not", texts=words.means_not),
            **self.each("then", texts=words.then),
        }
        return practice.IndicatorsWords(
            title=self.plain("title", typed=words.title),
            summary=self.plain("summary", typed=words.summary),
            settings={
                name: self.plain("settings", name, "title", typed=text.title) for name, text in words.settings.items()
            },
            signs={
                name: self.each("settings", name, "signs", texts=text.signs) for name, text in words.settings.items()
            },
            everywhere=self.each("everywhere", texts=words.everywhere),
            readings=readings,
        )

    def each(self, *keys: str, texts: dict[str, str]) -> dict[str, str]:
        return {name: self.html(*keys, name, typed=typed) for name, typed in texts.items()}

    def plain(self, *keys: str, typed: str) -> str:
        """A text for a heading or a title: no HTML."""
        self._rendered(*keys, typed=typed)
        return plain(typed, self.renderer.language)

    def html(self, *keys: str, typed: str) -> str:
        return self._rendered(*keys, typed=typed).html

    def _rendered(self, *keys: str, typed: str) -> Page:
        page = self.renderer.inline(typed)
        self.texts.append(KeyedText(self.path, self.renderer.language, keys, typed, page))
        return page


def practice_of(package: Package, rendered: Rendered) -> practice.Practice:
    """Cases in the order of the first of their tracks, and the tools. For a package that breaks no essential rule."""
    return practice.Practice(
        cases={case.id: case for case in sorted(_cases(package, rendered), key=lambda case: _place(package, case))},
        referral=_referral(package, rendered),
        indicators=_indicators(package, rendered),
    )


def _place(package: Package, case: practice.Case) -> int:
    tracks = [track.id for track in package.spine.tracks]
    return min(tracks.index(track_id) for track_id in case.track_ids)


def _cases(package: Package, rendered: Rendered) -> list[practice.Case]:
    return [
        practice.Case(
            id=case_id,
            track_ids=tuple(key.tracks),
            graph=key.graph(),
            words={language: rendered.case_words[language][case_id] for language in package.spine.languages},
        )
        for case_id, key in package.cases.items()
    ]


def _referral(package: Package, rendered: Rendered) -> practice.Referral | None:
    if package.referral is None:
        return None
    return practice.Referral(package.referral.asked(), package.referral.rules(), rendered.referral_words)


def _indicators(package: Package, rendered: Rendered) -> practice.Indicators | None:
    key = package.indicators
    if key is None:
        return None
    return practice.Indicators(
        settings=tuple(
            practice.Setting(one.id, one.section, tuple(one.sources), tuple(one.signs)) for one in key.settings
        ),
        everywhere=tuple(key.everywhere),
        means=_readings(key.means),
        means_not=_readings(key.means_not),
        then=_readings(key.then),
        words=rendered.indicators_words,
    )


def _readings(keys: list[schema_practice.ReadingKey]) -> tuple[practice.Reading, ...]:
    return tuple(practice.Reading(key.id, key.section, tuple(key.sources)) for key in keys)
