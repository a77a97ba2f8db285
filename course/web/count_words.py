"""Counts in words: the names of dimensions, kinds and values in a language of the interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from course.content.formats import month
from course.content.library import Library
from course.domain.counts import Dimension, Kind, Through
from course.exports.count_files import CountWords
from course.web.site import Site

LANGUAGE_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}


@dataclass(frozen=True, slots=True)
class CountNames:
    """For one language. What this edition has no more is shown by its id, as its counts stay."""

    library: Library
    language: str
    say: Callable[..., str]

    def words(self) -> CountWords:
        return CountWords(self.say("Counts"), self.say("Chart"), self.dimension, self.kind, self.value)

    def dimension(self, dimension: Dimension) -> str:
        say = self.say
        return {
            Dimension.MONTH: say("Month"),
            Dimension.NETWORK: say("Network"),
            Dimension.ORGANISATION: say("Kind of organisation"),
            Dimension.PROFESSION: say("Profession"),
            Dimension.LANGUAGE: say("Language"),
            Dimension.TRACK: say("Track"),
            Dimension.MODULE: say("Module"),
            Dimension.EDITION: say("Edition"),
            Dimension.WAY_IN: say("Way in"),
        }[dimension]

    def kind(self, kind: Kind) -> str:
        say = self.say
        return {
            Kind.STARTED: say("Started"),
            Kind.COMPLETED: say("Modules passed"),
            Kind.TRACK_COMPLETED: say("Tracks completed"),
            Kind.CERTIFICATE: say("Certificates"),
            Kind.ATTENDED: say("Attendances"),
        }[kind]

    def value(self, dimension: Dimension, value: str) -> str:
        if not value:
            return self.say("Not known")
        if dimension is Dimension.MONTH:
            return month(date.fromisoformat(f"{value}-01"), self.language)
        return self.values(dimension).get(value, value)

    def values(self, dimension: Dimension) -> dict[str, str]:
        """id -> name of what may be chosen, in the order of the content package."""
        library, language = self.library, self.language
        if dimension is Dimension.MODULE:
            return {one.id: f"{one.number}. {one.title[language]}" for one in library.modules}
        if dimension is Dimension.TRACK:
            return {one.id: one.title[language] for one in library.tracks}
        if dimension is Dimension.LANGUAGE:
            return {one: LANGUAGE_NAMES.get(one, one) for one in library.languages}
        if dimension is Dimension.WAY_IN:
            return self._ways()
        groups = {
            Dimension.NETWORK: library.networks,
            Dimension.ORGANISATION: library.organisations,
            Dimension.PROFESSION: library.professions,
        }.get(dimension, {})
        return {one: group.name[language] for one, group in groups.items()}

    def _ways(self) -> dict[str, str]:
        say = self.say
        return {
            Through.WEB.value: say("This site"),
            Through.LTI.value: say("Another learning platform (LTI)"),
            Through.PACKAGE.value: say("Package in another platform"),
            Through.SESSION.value: say("Session"),
        }


def count_words(site: Site, language: str) -> CountWords:
    """The words of a language that the course has; those of its source for any other."""
    known = language if language in site.library.languages else site.library.source_language
    return CountNames(site.library, known, lambda text, **values: site.say(known, text, **values)).words()
