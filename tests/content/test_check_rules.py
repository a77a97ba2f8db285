"""Every rule of the check, tried on a fault planted in a copy of the fixture course."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from course.content.check import RULES, cases, check, tools
from course.content.check.rulebook import rulebook
from course.content.findings import Level

ROOT = Path(__file__).parent.parent.parent
FIXTURE = ROOT / "tests" / "fixture_course"
TODAY = date(2026, 11, 22)

WATER = "modules/fi/010-tea/010-water.md"
LEAVES = "modules/fi/010-tea/020-leaves.md"
SPINE = "modules/course.yaml"
EDITIONS = "modules/editions.yaml"
CHANGES, CHANGES_FI = "modules/en/editions/2030.1.yaml", "modules/fi/editions/2030.1.yaml"
SEARCH = "modules/search-fi.txt"
EVIDENCE = "modules/evidence/010-tea.yaml"

PRACTICE = {cases.__name__, tools.__name__}

Change = Callable[[str], str]


@dataclass(frozen=True)
class Plant:
    """A fault: what is changed in which file, and where the finding must point."""

    rule: str
    path: str
    #: None: the file is deleted.
    change: Change | None
    #: A piece of the changed text on the line of the finding, or the line itself.
    at: str | int
    #: The file of the finding, when it is another one.
    found_in: str = ""

    @property
    def where(self) -> str:
        return self.found_in or self.path


def instead(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text, f"{old!r} is not in the fixture course any more"
        return text.replace(old, new, 1)

    return change


def written(text: str) -> Change:
    return lambda _: text


def without(pattern: str) -> Change:
    return lambda text: re.sub(pattern, "", text, count=1)


def plant(rule: str, path: str, old: str, new: str, at: str | int = "", found_in: str = "") -> Plant:
    return Plant(rule, path, instead(old, new), at or new, found_in)


def longer_right_options(text: str) -> str:
    return re.sub(r'(text: "[^"]*)(", why: "Right)', r"\1 and so on, as the old recipe of the house says\2", text)


SPARE_SOURCE = """\
- id: spare
  title: {fi: Varalla}
  owner: Keittiö
  kind: page
  checked: 2026-11-01
  next_check: 2099-01-01

- id: bread-law"""
LONG_WORDS = "leipurinammattitaitovaatimukset " * 120
NEW_FILE = "---\nid: extra\ntitle: Extra\n---\n\nExtra.\n"

#: These have tests of their own: a file that is missing below, others in test_spelling.py and test_practice_rules.py.
ELSEWHERE = {"file-missing", "spelling"} | {rule.name for rule in RULES.values() if rule.room in PRACTICE}
PLANTS = [
    plant("readable", "modules/fi/course.yaml", "summary: Keität teetä.", "summary: Keität: teetä", "Keität: teetä"),
    plant("schema", "modules/sources.yaml", "owner: Keittiön ystävät", "omistaja: Keittiön ystävät"),
    plant("front-matter", WATER, "title: Vesi ensin", "titel: Vesi ensin"),
    plant(
        "repeated-key", "modules/fi/course.yaml", "subtitle: Harjoituskurssi", "subtitle: A\nsubtitle: B", "subtitle: B"
    ),
    Plant("file-unlisted", "modules/fi/010-tea/090-extra.md", written(NEW_FILE), 1),
    plant("id-form", SPINE, "id: drinks", "id: Drinks"),
    plant("id-repeated", "quizzes/bread.yaml", "- id: first-step", "- id: which-first"),
    plant("lesson-id", "modules/sv/010-tea/010-water.md", "id: water", "id: vatten"),
    plant("languages", SPINE, "source_language: fi", "source_language: de"),
    plant("unknown-module", SPINE, "modules: [tea, bread, soup]", "modules: [tea, cake]"),
    plant("attendance-module", SPINE, "passed_by_attendance: [tea]", "passed_by_attendance: [bread]"),
    plant(
        "track-certificate", SPINE, "  - id: drinks\n", "  - id: drinks\n    certificate: party\n", "certificate: party"
    ),
    plant("reach-source", SPINE, "source: tea-book}", "source: no-book}", "reach_before"),
    plant("pre-test-module", SPINE, "modules: [tea, bread]}", "modules: [tea, cake]}", "pre_test"),
    plant("pre-test-module", SPINE, "modules: [tea, bread]}", "modules: [tea, tea]}", "pre_test"),
    plant("pre-test-pairs", SPINE, "{questions: 4", "{questions: 18", "pre_test"),
    Plant(
        "pre-test-pairs", "quizzes/bread.yaml", lambda text: text.replace("kind: one", "kind: order"), "pre_test", SPINE
    ),
    plant("requires-circle", SPINE, "requires: []", "requires: [bread]"),
    plant("minutes-far", SPINE, "minutes: 5", "minutes: 90"),
    Plant("released-id", "modules/released-ids.txt", written("# released\nlesson gone\n"), "lesson gone"),
    plant("sections-differ", "modules/en/010-tea/010-water.md", "{#hot-water}", "{#warm-water}"),
    plant("blocks-differ", "modules/sv/010-tea/010-water.md", "::: key-point", "::: myth"),
    Plant("translation-unstamped", "modules/en/010-tea/010-water.md", without("translated_from.*\n"), "id: water"),
    Plant("translation-unstamped", "quizzes/en/tea.yaml", without("translated_from.*\n"), 1),
    Plant(
        "translation-pending",
        "modules/en/010-tea/010-water.md",
        lambda text: re.sub('"[0-9a-f]{12}"', "pending", text),
        "translated_from: pending",
    ),
    plant(
        "translation-stale", WATER, "Keitä vesi", "Kuumenna vesi", "translated_from", "modules/sv/010-tea/010-water.md"
    ),
    plant("stamp-in-source", WATER, "title: Vesi ensin", "title: Vesi ensin\ntranslated_from: abc", "translated_from"),
    plant("block-fence", WATER, "- Odota.\n:::", "- Odota.", "::: checklist"),
    plant("block-fence", WATER, "Odota.\n:::", "Odota.\n:::\n\n::::", "::::"),
    plant("block-fence", LEAVES, ":::: practice", "::: practice", "::: answer"),
    plant("block-unknown", WATER, "::: key-point", "::: keypoint"),
    plant("answer-outside-practice", LEAVES, "::: reflect", "::: answer Pohdi"),
    plant("unknown-term", LEAVES, "[[steep|hautua]]", "[[steap|hautua]]"),
    plant("unknown-source", WATER, "[@tea-book: s. 12]", "[@tea-buk: s. 12]"),
    plant("unknown-source", "quizzes/sv/tea.yaml", "[@tea-book]", "[@tea-buk]"),
    plant("unknown-contact", WATER, "{tea-line}", "{tee-line}"),
    plant("unknown-contact", "modules/fi/020-bread/020-oven.md", "{bakery}", "{bakery.phone}"),
    plant("inline-form", LEAVES, "[[steep|hautua]]", "[[steep|hautua]"),
    plant("section-id", WATER, "## Kuuma vesi {#hot-water}", "## Kuuma vesi"),
    plant("section-id", WATER, "### Kattila", "### Kattila {#kettle}"),
    plant("heading-levels", WATER, "### Kattila", "#### Kattila"),
    plant("heading-levels", WATER, "## Kuuma vesi", "# Kuuma vesi"),
    plant("image-text", WATER, "Keitä vesi ja", "![](https://example.org/a.png) ja"),
    plant("typed-contact", WATER, "Keitä vesi ja", "Soita 050 123 4567 ja"),
    plant("typed-contact", "quizzes/fi/tea.yaml", "Lehdet tulevat", "Soita 112. Lehdet tulevat"),
    plant(
        "typed-contact", "modules/fi/course.yaml", "summary: Keität teetä.", "summary: Kysy tee@example.org", "Kysy tee"
    ),
    plant("raw-html", WATER, "Keitä vesi ja", "Keitä <b>vesi</b> ja"),
    plant("typed-quotes", WATER, '"Vesi on puolet teestä"', "”Vesi on puolet teestä”"),
    plant("unknown-link", LEAVES, "(lesson:water)", "(lesson:whater)"),
    plant("link-form", "modules/sources.yaml", "https://example.org/leipalaki", "http://example.org/leipalaki"),
    plant("link-form", LEAVES, "(lesson:water)", "(http://example.org)"),
    plant("uncited-number", WATER, "95 astetta [@tea-book: s. 12]", "95 astetta", "Sopiva"),
    plant("uncited-number", WATER, "95 astetta [@tea-book] |", "95 astetta |"),
    plant("reading-level", WATER, "Keitä vesi ja odota hetki.", LONG_WORDS, 5),
    plant("kept-word", "modules/words-fi.txt", "karvastua", "lentokone"),
    plant("review-due", "modules/sources.yaml", "next_check: 2099-01-01", "next_check: 2026-11-10"),
    plant("review-due", "modules/contacts.yaml", "next_check: 2099-01-01", "next_check: 2026-12-10"),
    plant("check-dates", "modules/sources.yaml", "checked: 2026-11-01", "checked: 2027-01-01"),
    plant("check-dates", "modules/sources.yaml", "next_check: 2099-01-01", "next_check: 2026-10-01"),
    plant("check-dates", "modules/sources.yaml", "checked: 2026-11-01", "checked: 2026-11-01\n  as_of: 2026-11-09"),
    plant("notes-soon", "modules/sources.yaml", "checked: 2026-11-01", "from_notes: 2026-11-01", "next_check: 2099"),
    plant(
        "schema",
        "modules/contacts.yaml",
        "checked: 2026-11-01",
        "checked: 2026-11-01\n  from_notes: 2026-11-01",
        "- id:",
    ),
    plant("source-unused", "modules/sources.yaml", "- id: bread-law", SPARE_SOURCE, "- id: spare"),
    plant("contact-words", "modules/contacts.yaml", "sv: Tetelefonen, ", "", "Teepuhelin"),
    plant("contact-reachable", "modules/contacts.yaml", "  web: https://example.org/leipomo\n", "", "- id: bakery"),
    plant("contact-source", "modules/contacts.yaml", "source: bread-law", "source: bread-lav"),
    plant("group-words", "modules/networks.yaml", ", en: North}", "}", "name: {fi: Pohjoinen"),
    plant("group-name-repeated", "modules/professions.yaml", "sv: Kock", "sv: bagare"),
    plant("term-words", "modules/glossary.yaml", ", en: A sour start for bread.", "", "Hapan alku"),
    plant(
        "course-words", "modules/sv/course.yaml", "      offer-tea: Du kan bjuda en gäst på te.\n", "", "objectives:"
    ),
    plant("course-words", "modules/sv/course.yaml", "  drinks: {", "  others: {", "tracks:"),
    plant(
        "course-words-unused",
        "modules/sv/course.yaml",
        "  drinks: {",
        "  rest: {title: A, summary: B}\n  drinks: {",
        "rest",
    ),
    plant("question-objective", "quizzes/tea.yaml", "objective: brew-tea", "objective: brew-coffee"),
    plant("question-section", "quizzes/tea.yaml", "section: hot-water", "section: cold-water"),
    plant("question-section", "quizzes/tea.yaml", "{leaves: let-it-steep}", "{leaves: let-it-sleep}"),
    plant("question-section", "quizzes/tea.yaml", "{leaves: let-it-steep}", "{leaf: let-it-steep}"),
    plant("objective-not-asked", SPINE, "[bake-bread]", "[bake-bread, eat-bread]", "questions:", "quizzes/bread.yaml"),
    plant("key-not-an-option", "quizzes/tea.yaml", "correct: [water]", "correct: [wather]"),
    plant("key-not-an-option", "quizzes/tea.yaml", "green: cooler}", "green: coolest}"),
    plant("key-size", "quizzes/tea.yaml", "correct: [water]", "correct: [water, cup]"),
    plant("key-size", "quizzes/tea.yaml", "correct: [hot-water, tea-leaves]", "correct: [hot-water]"),
    plant("key-size", "quizzes/tea.yaml", "correct: [boil, pour, steep]", "correct: [boil, pour]"),
    plant("key-size", "quizzes/tea.yaml", ", green: cooler}", "}", "correct: {black"),
    plant("true-false-options", "quizzes/tea.yaml", '["yes", "no"]', '["no", "yes"]'),
    plant("option-id-telling", "quizzes/tea.yaml", "[water, leaves, cup]", "[water, leaves, wrong-cup]"),
    plant("bank-small", "quizzes/tea.yaml", "draw: 3", "draw: 4"),
    plant("few-situations", "quizzes/tea.yaml", "    situation: true\n", "", "questions:"),
    Plant("question-words", "quizzes/sv/tea.yaml", without("    targets: .*\n"), "  heat-of-teas:"),
    plant("question-words", "quizzes/sv/tea.yaml", "  how-long:", "  how-short:"),
    plant("option-why", "quizzes/fi/tea.yaml", '"Lehdet tulevat vasta veden jälkeen."', '""'),
    plant("all-of-the-above", "quizzes/en/tea.yaml", "The cup", "All of the above"),
    plant("all-of-the-above", "quizzes/fi/tea.yaml", "Kupista", "Kaikki edellä mainitut"),
    plant("all-of-the-above", "quizzes/sv/tea.yaml", "Koppen", "Alla ovanstående"),
    plant("negative-stem", "quizzes/en/tea.yaml", "What does tea need?", "What does tea not need?"),
    plant("negative-stem", "quizzes/fi/tea.yaml", "Mitä tee tarvitsee?", "Mitä tee ei tarvitse?"),
    plant("negative-stem", "quizzes/sv/tea.yaml", "Vad behövs för te?", "Vad behövs inte för te?"),
    plant(
        "front-differs",
        "modules/sv/course.yaml",
        "  - title: Te är varmt\n    text: Vänta, så att du inte bränner tungan.\n",
        "  []\n",
        "principles:",
    ),
    plant("unreviewed", "quizzes/tea.yaml", ", language: 2026-11-22}", "}", "  - id: which-first"),
    plant("question-stale", WATER, "Keitä vesi", "Kuumenna vesi", "  - id: which-first", "quizzes/tea.yaml"),
    Plant("read-against-missing", "quizzes/read-against.txt", None, 1),
    plant("evidence-form", EVIDENCE, "hot-water:", "cold-water:"),
    plant(
        "evidence-form",
        EVIDENCE,
        'source: tea-book, quote: "Black',
        'book: tea-book, quote: "Black',
        'book: tea-book, quote: "Black',
    ),
    plant("evidence-form", EVIDENCE, "water:", "water: [", "- says: 'Keitt"),
    plant("evidence-stale", WATER, "Sopiva lämpö", "Oikea lämpö", '- says: "Sopiva lämpö', EVIDENCE),
    plant(
        "evidence-source",
        EVIDENCE,
        'tea-book, quote: "Black',
        'tea-bock, quote: "Black',
        'says: "95 astetta [@tea-book]"',
    ),
    plant("evidence-source", EVIDENCE, 'tea-book, quote: "Most', 'bread-law, quote: "Most', 'says: "Sopiva'),
    plant("option-lengths", "quizzes/fi/tea.yaml", '"Kupista"', f'"Kupista, {"jossa on teetä " * 5}"', "options:"),
    Plant("right-is-longest", "quizzes/en/bread.yaml", longer_right_options, "questions:"),
    plant("same-words", "quizzes/fi/tea.yaml", '"Kupista"', '"Vedestä"', "      cup:"),
    plant("edition-listed", EDITIONS, '"2030.1"', '"2030.2"'),
    plant("edition-listed", EDITIONS, "published: 2026-11-22", "published: 2026-11-21"),
    plant("edition-order", EDITIONS, "published: 2025-11-22", "published: 2026-11-23", "published: 2026-11-22"),
    plant("edition-section", EDITIONS, "let-it-steep, bake", "let-it-sleep, bake", "changed:"),
    plant("edition-section", EDITIONS, "let-it-steep, bake-the-bread", "let-it-steep, let-it-steep", "changed:"),
    plant("edition-words", CHANGES, "  bake-the-bread:", "  bake-the-bun:", "changes:"),
    plant("edition-words", CHANGES, "  bake-the-bread:", "  offer-it: A\n  bake-the-bread:", "  offer-it:"),
    plant(
        "edition-headings", CHANGES, "    All else", "    ## All else {#all-else}\n\n    All else", "let-it-steep: |"
    ),
    plant("unknown-source", CHANGES, "[@tea-book]", "[@tea-bok]", "let-it-steep: |"),
    plant("translation-stale", CHANGES_FI, "neljä", "viisi", "translated_from", CHANGES),
    Plant("search-group", SEARCH, written("keittää\n"), 1),
    Plant("search-group", SEARCH, written("# sanat\nkeittää, , kuumentaa\n"), 2),
    Plant("search-group", SEARCH, written("keittää, Keittää\n"), 1),
    Plant("search-group-unused", SEARCH, written("keittää, kuumentaa\nauto, ajoneuvo\n"), 2),
    plant("same-words", "quizzes/fi/tea.yaml", "Kauanko tee hautuu?", "Mistä tee alkaa?", "how-long:\n    ask"),
]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "package"))


def line_of(text: str, at: str | int) -> int:
    """The line on which a piece of text ends."""
    if isinstance(at, int):
        return at
    return text.count("\n", 0, text.index(at) + len(at.rstrip("\n"))) + 1


@pytest.mark.parametrize("fault", PLANTS, ids=[f"{fault.rule}-{place}" for place, fault in enumerate(PLANTS)])
def test_a_planted_fault_is_found_on_its_line_with_a_fix(package: Path, fault: Plant):
    file = package / fault.path
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if fault.change is None:
        file.unlink()
    else:
        file.write_text(fault.change(text), encoding="utf-8")
    line = fault.at if isinstance(fault.at, int) else line_of((package / fault.where).read_text("utf-8"), fault.at)

    found = [finding for finding in check(package, today=TODAY) if finding.rule == fault.rule]

    assert (fault.where, line) in [(finding.path, finding.line) for finding in found]
    assert all(finding.what and finding.fix for finding in found)


@pytest.mark.parametrize("path", ["quizzes/sv/bread.yaml", WATER, "modules/glossary.yaml", SPINE])
def test_a_file_that_is_missing_is_named(package: Path, path: str):
    (package / path).unlink()

    missing = [finding for finding in check(package, today=TODAY) if finding.rule == "file-missing"]

    assert [finding.path for finding in missing] == [path]
    assert missing[0].fix


def test_every_rule_has_a_planted_fault():
    assert {fault.rule for fault in PLANTS} | ELSEWHERE == set(RULES)


def test_there_are_at_least_thirty_rules_and_each_is_one_sentence():
    assert len(RULES) >= 30
    assert [rule.name for rule in RULES.values() if not rule.says.endswith(".")] == []


def test_a_healthy_package_has_no_finding():
    assert check(FIXTURE, today=TODAY) == []


def test_the_page_of_rules_agrees_with_the_code():
    assert (ROOT / "docs" / "content-check.md").read_text(encoding="utf-8") == rulebook()


def test_a_review_is_a_warning_before_its_day_and_an_error_after(package: Path):
    levels = {}
    for today in (date(2098, 12, 1), date(2098, 12, 2), date(2099, 1, 1), date(2099, 1, 2)):
        found = {finding.level for finding in check(package, today=today) if finding.rule == "review-due"}
        levels[today] = found
    assert list(levels.values()) == [set(), {Level.WARNING}, {Level.WARNING}, {Level.ERROR}]


def test_a_retired_id_may_be_gone_and_may_not_come_back(package: Path):
    (package / "modules" / "released-ids.txt").write_text("lesson gone retired\nlesson water retired\n")

    found = [finding for finding in check(package, today=TODAY) if finding.rule == "released-id"]

    assert [finding.line for finding in found] == [2]


def test_a_fault_in_a_trainers_note_is_found_too(package: Path):
    file = package / LEAVES
    file.write_text(file.read_text(encoding="utf-8").replace("kannullinen.", "[[kettle]]."), encoding="utf-8")

    assert "unknown-term" in [finding.rule for finding in check(package, today=TODAY)]


def test_an_unreadable_register_is_one_finding_and_not_one_for_each_use(package: Path):
    (package / "modules" / "glossary.yaml").write_text("- id: [\n")

    assert {finding.rule for finding in check(package, today=TODAY)} == {"readable"}


@pytest.mark.parametrize("harmless", ["Laki 112/2020 on voimassa.", "Otsikko 29.1.2025.", "Luku 1 600 000 kuppia."])
def test_a_law_a_date_and_a_large_number_are_no_telephone_numbers(package: Path, harmless: str):
    file = package / WATER
    file.write_text(file.read_text(encoding="utf-8").replace("Keitä vesi", f"{harmless} Keitä vesi"), encoding="utf-8")

    assert "typed-contact" not in [finding.rule for finding in check(package, today=TODAY)]


def test_a_contact_without_a_number_may_say_that_it_could_not_be_confirmed(package: Path):
    file = package / "modules" / "contacts.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  web: https://example.org/leipomo\n", "  unconfirmed: [phone]\n"), encoding="utf-8")

    assert "contact-reachable" not in [finding.rule for finding in check(package, today=TODAY)]


def test_an_option_may_tell_of_what_is_wrong(package: Path):
    for file in (package / "quizzes").rglob("tea.yaml"):
        file.write_text(file.read_text(encoding="utf-8").replace("pour-anyway", "ask-what-is-wrong"), encoding="utf-8")

    assert {finding.rule for finding in check(package, today=TODAY)} == {"translation-stale"}


def test_a_negation_in_another_clause_is_no_negative_question(package: Path):
    file = package / "quizzes/fi/tea.yaml"
    text = file.read_text(encoding="utf-8").replace("Mitä tee tarvitsee?", "Mitä tee tarvitsee, vaikka kello ei soi?")
    file.write_text(text, encoding="utf-8")

    assert check(package, today=TODAY) == [
        finding for finding in check(package, today=TODAY) if finding.rule == "translation-stale"
    ]


def test_a_finding_reads_as_one_line_for_a_terminal(package: Path):
    (package / "modules" / "fi" / "course.yaml").unlink()

    assert str(check(package, today=TODAY)[0]).startswith("modules/fi/course.yaml:1: error: This file is not there. ")


def test_one_changed_section_names_its_translations_and_its_questions_and_no_others(package: Path):
    file = package / WATER
    file.write_text(file.read_text(encoding="utf-8").replace("Keitä vesi", "Kuumenna vesi"), encoding="utf-8")

    found = check(package, today=TODAY)

    stale = {finding.path for finding in found if finding.rule == "translation-stale"}
    assert stale == {"modules/sv/010-tea/010-water.md", "modules/en/010-tea/010-water.md"}
    named = {finding.what.split()[0] for finding in found if finding.rule == "question-stale"}
    assert named == {
        *("which-first", "heat-of-teas", "boiling-cup"),
        *("case/cold-guest", "referral/boil", "indicators/kitchen"),
    }
    assert {finding.rule for finding in found} == {"translation-stale", "question-stale"}
