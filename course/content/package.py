"""The package as it stands on the disk: every file read once and in its form, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from course.content import schema, schema_practice
from course.content.files import YamlFile, content_files, hash_of, normalised, read_yaml, split_lesson, stamp_of
from course.content.findings import ContentError, Finding, Level

SPINE = "modules/course.yaml"
SOURCES = "modules/sources.yaml"
CONTACTS = "modules/contacts.yaml"
GLOSSARY = "modules/glossary.yaml"
#: Where learners belong. A package without one of these files has none of the kind.
NETWORKS = "modules/networks.yaml"
ORGANISATIONS = "modules/organisations.yaml"
PROFESSIONS = "modules/professions.yaml"
#: What a package has for practice, each file with its words in modules/<lang>/ at the same place. All may be missing.
CASES = "modules/cases/"
REFERRAL = "modules/tools/referral.yaml"
INDICATORS = "modules/tools/indicators.yaml"
#: The editions so far, and what each of them changed. May be missing.
EDITIONS = "modules/editions.yaml"
RELEASED = "modules/released-ids.txt"
#: Words that are right and in no dictionary: of one language, and names of all languages.
KEPT_WORDS = "modules/words-{}.txt"
KEPT_NAMES = "modules/words.txt"
#: Words that mean the same to somebody who searches.
SEARCH_WORDS = "modules/search-{}.txt"

Form = TypeVar("Form", bound=BaseModel)
Entry = TypeVar(
    "Entry", schema.SourceEntry, schema.ContactEntry, schema.TermEntry, schema.GroupEntry, schema.EditionEntry
)


@dataclass(frozen=True)
class LessonFile:
    """One lesson in one language, as it is typed."""

    path: str
    language: str
    module: schema.SpineModule
    head: YamlFile
    front: schema.FrontMatter
    body: str
    #: Lines above the body.
    above: int

    @property
    def stamp(self) -> str:
        """What a translation of this text carries as `translated_from`."""
        return stamp_of(self.front.title, self.body)


@dataclass
class Package:
    """Every file of the package. A file that cannot be read is in `faults` and `unread`, and nowhere else."""

    root: Path
    hash: str
    texts: dict[str, str]
    spine_file: YamlFile
    spine: schema.Spine
    yaml_files: dict[str, YamlFile] = field(default_factory=dict)
    course_words: dict[str, schema.CourseWords] = field(default_factory=dict)
    #: By language, then by lesson id, in the order of the spine.
    lessons: dict[str, dict[str, LessonFile]] = field(default_factory=dict)
    sources: dict[str, schema.SourceEntry] = field(default_factory=dict)
    contacts: dict[str, schema.ContactEntry] = field(default_factory=dict)
    terms: dict[str, schema.TermEntry] = field(default_factory=dict)
    networks: dict[str, schema.GroupEntry] = field(default_factory=dict)
    organisations: dict[str, schema.GroupEntry] = field(default_factory=dict)
    professions: dict[str, schema.GroupEntry] = field(default_factory=dict)
    quizzes: dict[str, schema.QuizKey] = field(default_factory=dict)
    #: By language, then by quiz id.
    quiz_words: dict[str, dict[str, schema.QuizWords]] = field(default_factory=dict)
    cases: dict[str, schema_practice.CaseKey] = field(default_factory=dict)
    #: By language, then by case id.
    case_words: dict[str, dict[str, schema_practice.CaseWords]] = field(default_factory=dict)
    referral: schema_practice.ReferralKey | None = None
    referral_words: dict[str, schema_practice.ReferralWords] = field(default_factory=dict)
    indicators: schema_practice.IndicatorsKey | None = None
    indicators_words: dict[str, schema_practice.IndicatorsWords] = field(default_factory=dict)
    #: Oldest first.
    editions: dict[str, schema.EditionEntry] = field(default_factory=dict)
    #: By language, then by edition.
    edition_words: dict[str, dict[str, schema.EditionWords]] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    #: (id, path) of entries and lessons that lost their place to an earlier one with the same id.
    repeated: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def modules(self) -> list[schema.SpineModule]:
        """The modules that have text."""
        return [module for module in self.spine.modules if module.lessons]

    @property
    def translations(self) -> list[str]:
        return [language for language in self.spine.languages if language != self.spine.source_language]

    def lesson_path(self, language: str, module: schema.SpineModule, lesson: str) -> str:
        return f"modules/{language}/{module.folder}/{lesson}.md"

    def yaml_words(self, language: str) -> Iterator[tuple[str, str | None]]:
        """(path, the stamp it carries) of every YAML file of words in a language: quizzes, cases, tools, editions."""
        for quiz_id, quiz in self.quiz_words[language].items():
            yield f"quizzes/{language}/{quiz_id}.yaml", quiz.translated_from
        for case_id, case in self.case_words.get(language, {}).items():
            yield case_path(case_id, language), case.translated_from
        tools = {REFERRAL: self.referral_words.get(language), INDICATORS: self.indicators_words.get(language)}
        for path, words in tools.items():
            if words is not None:
                yield in_language(path, language), words.translated_from
        for edition_id, changes in self.edition_words.get(language, {}).items():
            yield edition_path(edition_id, language), changes.translated_from

    def translated_yaml(self) -> Iterator[tuple[str, str | None, str]]:
        """(path, the stamp it carries, its source text) of every YAML file of words that is a translation."""
        for language in self.translations:
            for path, carried in self.yaml_words(language):
                text = self.texts.get(path.replace(f"/{language}/", f"/{self.spine.source_language}/", 1))
                if text is not None:
                    yield path, carried, text

    def quizzes_in_use(self) -> Iterator[tuple[schema.SpineModule, schema.QuizKey]]:
        """The banks of the modules that have text."""
        for module in self.modules:
            if module.quiz in self.quizzes:
                yield module, self.quizzes[module.quiz]

    def pairs(self) -> Iterator[tuple[LessonFile, LessonFile]]:
        """Every lesson of the source language with each of its translations."""
        originals = self.lessons.get(self.spine.source_language, {})
        for language in self.translations:
            for lesson_id, translation in self.lessons.get(language, {}).items():
                if lesson_id in originals:
                    yield originals[lesson_id], translation


def in_language(path: str, language: str) -> str:
    """Where the words of a file of practice stand."""
    return path.replace("modules/", f"modules/{language}/", 1)


def case_path(case_id: str, language: str = "") -> str:
    """The file of a case's graph, or of its words in a language."""
    path = f"{CASES}{case_id}.yaml"
    return in_language(path, language) if language else path


def edition_path(edition_id: str, language: str) -> str:
    """The file that says in a language what an edition changed."""
    return f"modules/{language}/editions/{edition_id}.yaml"


def package_hash(root: Path) -> str:
    """The hash that `read` would give the package."""
    return hash_of(_texts(root)[0])


def read(root: Path) -> Package:
    """Read the package; raises ContentError when there is no spine to read the rest by."""
    texts, faults = _texts(root)
    reader = _Reader(texts, faults)
    spine = reader.form(SPINE, schema.Spine)
    if spine is None:
        raise ContentError(faults)
    package = Package(root, hash_of(texts), texts, reader.yaml_files[SPINE], spine, reader.yaml_files, faults=faults)
    reader.fill(package)
    return package


def _texts(root: Path) -> tuple[dict[str, str], list[Finding]]:
    texts: dict[str, str] = {}
    faults: list[Finding] = []
    for name, raw in content_files(root).items():
        try:
            texts[name] = normalised(raw)
        except UnicodeDecodeError:
            faults.append(_fault("readable", name, 1, "This file is not UTF-8 text.", "Save it as UTF-8."))
    return texts, faults


def _fault(rule: str, path: str, line: int, what: str, fix: str) -> Finding:
    return Finding(rule, Level.ERROR, path, line, what, fix)


class _Reader:
    """Reads one file after another and keeps what is wrong with them."""

    def __init__(self, texts: dict[str, str], faults: list[Finding]) -> None:
        self.texts = texts
        self.faults = faults
        self.yaml_files: dict[str, YamlFile] = {}
        self.unread: set[str] = set()

    def fill(self, package: Package) -> None:
        package.unread = self.unread
        self.registers(package)
        for language in package.spine.languages:
            words = self.form(f"modules/{language}/course.yaml", schema.CourseWords)
            if words is not None:
                package.course_words[language] = words
            package.lessons[language] = {}
            package.quiz_words[language] = {}
            self.lessons(package, language)
        self.quizzes(package)
        self.cases(package)
        self.tools(package)
        self.editions(package)

    def registers(self, package: Package) -> None:
        package.sources = self.register(package, SOURCES, schema.SourceEntry)
        package.contacts = self.register(package, CONTACTS, schema.ContactEntry)
        package.terms = self.register(package, GLOSSARY, schema.TermEntry)
        package.networks = self.groups(package, NETWORKS)
        package.organisations = self.groups(package, ORGANISATIONS)
        package.professions = self.groups(package, PROFESSIONS)

    def groups(self, package: Package, path: str) -> dict[str, schema.GroupEntry]:
        return self.register(package, path, schema.GroupEntry) if path in self.texts else {}

    def register(self, package: Package, path: str, form: type[Entry]) -> dict[str, Entry]:
        kept: dict[str, Entry] = {}
        for place, entry in enumerate(self.entries(path, form)):
            if entry.id in kept:
                package.repeated.append((entry.id, path, self.yaml_files[path].line(place)))
            kept.setdefault(entry.id, entry)
        return kept

    def lessons(self, package: Package, language: str) -> None:
        kept = package.lessons[language]
        for module in package.modules:
            for name in module.lessons:
                lesson = self.lesson(package.lesson_path(language, module, name), language, module)
                if lesson is None:
                    continue
                if lesson.front.id in kept:
                    package.repeated.append((lesson.front.id, lesson.path, lesson.head.line("id")))
                kept.setdefault(lesson.front.id, lesson)

    def quizzes(self, package: Package) -> None:
        for module in package.modules:
            if module.quiz is None or module.quiz in package.quizzes:
                continue
            key = self.form(f"quizzes/{module.quiz}.yaml", schema.QuizKey)
            if key is not None:
                package.quizzes[module.quiz] = key
            for language in package.spine.languages:
                words = self.form(f"quizzes/{language}/{module.quiz}.yaml", schema.QuizWords)
                if words is not None:
                    package.quiz_words[language][module.quiz] = words

    def cases(self, package: Package) -> None:
        package.case_words = {language: {} for language in package.spine.languages}
        for path in self.texts:
            if path.startswith(CASES):
                case_id = path.removeprefix(CASES).removesuffix(".yaml")
                key = self.form(path, schema_practice.CaseKey)
                if key is not None:
                    package.cases[case_id] = key
                words = self.words_of(package, path, schema_practice.CaseWords)
                for language, found in words.items():
                    package.case_words[language][case_id] = found

    def tools(self, package: Package) -> None:
        if REFERRAL in self.texts:
            package.referral = self.form(REFERRAL, schema_practice.ReferralKey)
            package.referral_words = self.words_of(package, REFERRAL, schema_practice.ReferralWords)
        if INDICATORS in self.texts:
            package.indicators = self.form(INDICATORS, schema_practice.IndicatorsKey)
            package.indicators_words = self.words_of(package, INDICATORS, schema_practice.IndicatorsWords)

    def editions(self, package: Package) -> None:
        """Only an edition that changed something has words."""
        if EDITIONS not in self.texts:
            return
        package.editions = self.register(package, EDITIONS, schema.EditionEntry)
        for language in package.spine.languages:
            files = {
                one.id: self.form(edition_path(one.id, language), schema.EditionWords)
                for one in package.editions.values()
                if one.changed
            }
            package.edition_words[language] = {name: words for name, words in files.items() if words is not None}

    def words_of(self, package: Package, path: str, form: type[Form]) -> dict[str, Form]:
        """The words of a file of practice, by language."""
        found = {language: self.form(in_language(path, language), form) for language in package.spine.languages}
        return {language: words for language, words in found.items() if words is not None}

    def lesson(self, path: str, language: str, module: schema.SpineModule) -> LessonFile | None:
        text = self.text(path)
        if text is None:
            return None
        parts = split_lesson(text)
        if parts is None:
            fix = "Begin the file with ---, id: and title:, and --- on a line of its own."
            self.fail("front-matter", path, 1, "The lesson has no front matter.", fix)
            return None
        head, body, above = parts
        file = self.parsed(path, head, above=1)
        if file is None:
            return None
        front = self.checked(path, file, file.data or {}, schema.FrontMatter, rule="front-matter")
        return LessonFile(path, language, module, file, front, body, above) if front else None

    def form(self, path: str, form: type[Form]) -> Form | None:
        """The file at `path` in its form, or None and a fault."""
        text = self.text(path)
        file = None if text is None else self.parsed(path, text)
        if file is None:
            return None
        self.yaml_files[path] = file
        return self.checked(path, file, file.data, form)

    def entries(self, path: str, form: type[Entry]) -> list[Entry]:
        text = self.text(path)
        file = None if text is None else self.parsed(path, text)
        if file is None:
            return []
        self.yaml_files[path] = file
        if not isinstance(file.data, list):
            self.fail("schema", path, 1, "This file is not a list.", "Begin each entry with `- id:`.")
            return []
        found = (self.checked(path, file, data, form, place) for place, data in enumerate(file.data))
        return [entry for entry in found if entry is not None]

    def text(self, path: str) -> str | None:
        if path not in self.texts:
            self.unread.add(path)
            if all(fault.path != path for fault in self.faults):
                self.fail("file-missing", path, 1, "This file is not there.", "Write it, or take it out of the spine.")
        return self.texts.get(path)

    def parsed(self, path: str, text: str, *, above: int = 0) -> YamlFile | None:
        try:
            return read_yaml(path, text, above=above)
        except yaml.MarkedYAMLError as error:
            line = (error.problem_mark.line + 1 if error.problem_mark else 1) + above
            fix = 'Put text that holds ": " or "#" between quotation marks, and line up the keys.'
            self.fail("readable", path, line, f"YAML cannot be read: {error.problem}.", fix)
        except (yaml.YAMLError, ValueError) as error:
            self.fail("readable", path, 1, f"YAML cannot be read: {error}.", "Correct the value.")
        return None

    def checked(
        self, path: str, file: YamlFile, data: Any, form: type[Form], *place: int, rule: str = "schema"
    ) -> Form | None:
        try:
            return form.model_validate(data)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                keys = [*place, *problem["loc"]]
                what, fix = _schema_words(problem["type"], ".".join(map(str, problem["loc"])), problem["msg"])
                self.fail(rule, path, file.line(*keys), what, fix)
            return None

    def fail(self, rule: str, path: str, line: int, what: str, fix: str) -> None:
        self.unread.add(path)
        self.faults.append(_fault(rule, path, line, what, fix))


def _schema_words(kind: str, key: str, message: str) -> tuple[str, str]:
    """A fault of the form, in words for an author."""
    if kind == "extra_forbidden":
        return f"The format has no key {key}.", "Correct its spelling, or take it out."
    if kind == "missing":
        return f"{key} is missing.", f"Add {key}:."
    if kind == "string_type":
        return f"{key} is not a text.", "Put the value between quotation marks."
    return f"{key}: {message}.", "See the format in docs/content-format.md."
