"""Rosters on real databases: read in whatever form they come, done, done again, taken back, and written out again."""

from __future__ import annotations

import csv
import gc
import tracemalloc
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from course.domain.cohort import CohortPlan, normal_text
from course.domain.errors import NotThere, RosterChanged
from course.domain.roster import FileRefused, Person, Refusal, columns_of, is_email
from course.exports.sheet import csv_sheet, guarded, unguarded, xlsx_sheet
from course.exports.sheet_reading import read_table
from course.services import rosters
from course.storage.cohorts import add_cohort
from course.storage.engine import Store
from course.storage.rosters import last_applied, people_of
from course.storage.tables import Account

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def cohort_id(store) -> int:
    return make_cohort(store)


def make_cohort(store: Store) -> int:
    with store.writing() as session:
        account = Account(name="Tuuli", language="fi", administrator=False, created_at=NOW)
        session.add(account)
        session.flush()
        return add_cohort(session, CohortPlan("north", "Group", "core", "fi"), created_by=account.id, now=NOW)


def roster(store: Store, cohort_id: int) -> dict[str, Person]:
    with store.reading() as connection:
        return people_of(connection, cohort_id)


def plan(store: Store, cohort_id: int, raw: bytes) -> int:
    return rosters.plan_import(store, cohort_id, raw, file_name="people.csv", account_id=None, now=NOW)


def do(store: Store, cohort_id: int, raw: bytes) -> int:
    import_id = plan(store, cohort_id, raw)
    rosters.apply_import(store, cohort_id, import_id, now=NOW)
    return import_id


def planned(store: Store, cohort_id: int, raw: bytes):
    with store.reading() as connection:
        return rosters.import_of(connection, cohort_id, plan(store, cohort_id, raw)).plan


def written(store: Store, cohort_id: int, kind: str, language: str = "fi") -> bytes:
    with store.reading() as connection:
        heading, rows = rosters.exported(connection, cohort_id, language)
    return csv_sheet(heading, rows) if kind == "csv" else xlsx_sheet("Roster", heading, rows)


# The forms that files come in

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16 with a mark": "utf-16",
    "utf-16 little, no mark": "utf-16-le",
    "utf-16 big, no mark": "utf-16-be",
    "utf-16 big with a mark": "utf-16-be:mark",
    "utf-32 with a mark": "utf-32",
    "Windows": "cp1252",
    "Mac": "mac_roman",
    "MS-DOS": "cp850",
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
#: As people on a Finnish list are called: with å, ä and ö, and capitals where words begin. Bytes do not say in which of
#: the old encodings they are; a capital inside a word is what tells them apart.
finnish = (
    st.tuples(st.text(st.sampled_from("abcdeiklmnorstuvyåäö -'"), min_size=1, max_size=20), st.booleans())
    .map(lambda made: made[0].title() if made[1] else made[0])
    .filter(lambda text: normal_text(text) and unguarded(text) == text)
)
people = st.lists(st.tuples(finnish, st.sampled_from(["", "a@x.fi"]), finnish, finnish), min_size=1, max_size=8)


def encoded(text: str, encoding: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be:mark" else text.encode(encoding)


def as_csv(rows, delimiter: str, ending: str = "\r\n") -> str:
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS.keys())
@settings(max_examples=20)
@given(rows=people, ending=st.sampled_from(["\r\n", "\n", "\r"]))
def test_a_file_is_read_whatever_program_wrote_it(encoding, delimiter, rows, ending):
    """Thirty kinds of files. "Väinö" stands in each: a text without any such letter is alike in most encodings."""
    table = [("Nimi", "Sähköposti", "Työpaikka", "Ammatti"), ("Väinö Åström", "v@x.fi", "Kela", "käsittelijä"), *rows]
    found = list(rosters.file_rows(encoded(as_csv(table, delimiter, ending), encoding)))
    wanted = [[normal_text(cell) for cell in row] for row in table[1:]]
    people = [one.person for one in found]
    assert [[one.name, one.email, one.organisation, one.profession] for one in people] == wanted


def test_a_list_of_names_alone_is_read_and_a_comma_divides_nothing():
    assert [one.person.name for one in rosters.file_rows(b"Nimi\nVirtanen, Aino\n")] == ["Virtanen, Aino"]


def test_the_line_in_which_excel_names_the_delimiter_is_understood():
    found = list(rosters.file_rows(b"sep=|\r\nname|email\r\nAino|a@x.fi\r\n"))
    assert [(one.line, one.person) for one in found] == [(3, Person("Aino", "a@x.fi"))]


def test_a_title_above_the_headings_is_passed_over_and_lines_are_counted_as_people_see_them():
    found = list(rosters.file_rows("Kevään ryhmä;;\n\nNimi;Sähköposti\n\nAino;a@x.fi\n".encode()))
    assert [(one.line, one.person.name) for one in found] == [(5, "Aino")]


def test_a_workbook_is_read_with_its_numbers_and_days_as_people_see_them():
    book = Workbook()
    book.active.append(["id", "name", "profession"])
    book.active.append([12, "Aino", 3.0])
    book.active.append([None, None, None])
    book.active.append([13.5, "=1+1", datetime(2026, 11, 22)])  # noqa: DTZ001 - a spreadsheet knows no zones
    book.active["B4"].data_type = "s"
    file = BytesIO()
    book.save(file)
    rows = [(one.line, one.key, one.person.name, one.person.profession) for one in rosters.file_rows(file.getvalue())]
    assert rows == [(2, "12", "Aino", "3"), (4, "13.5", "=1+1", "2026-11-22")]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", Refusal.EMPTY),
        (b"  \n ", Refusal.EMPTY),
        (b"name;email\n", Refusal.EMPTY),
        (b"email;organisation\na@x.fi;Kela\n", Refusal.NO_NAMES),
        (b"\xd0\xcf\x11\xe0 old", Refusal.OLD_OR_LOCKED),
        (b"PK\x03\x04 no zip at all", Refusal.NO_TABLE),
        (b"%PDF-1.7\x00\x01\x02", Refusal.NO_TABLE),
        (b"name\n" + b"x" * (3 * 1024 * 1024), Refusal.TOO_LARGE),
        (b'name\n"' + b"x" * 200_000, Refusal.NO_TABLE),
    ],
)
def test_what_is_no_table_of_people_is_refused_with_a_reason(store, cohort_id, raw, why):
    with pytest.raises(FileRefused) as refused:
        plan(store, cohort_id, raw)
    assert refused.value.why is why


def test_a_workbook_that_unpacks_to_far_more_than_its_size_is_refused():
    rows = ([f"Name {number}" + "x" * 200] for number in range(1))
    raw = xlsx_sheet("Bomb", ["name"], rows)
    file = BytesIO(raw)
    with ZipFile(file, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/big.xml", b"0" * (41 * 1024 * 1024))
    with pytest.raises(FileRefused) as refused:
        list(read_table(file.getvalue()))
    assert refused.value.why is Refusal.TOO_LARGE


@given(st.text(max_size=12))
def test_guarding_a_cell_can_be_undone_and_leaves_nothing_to_run(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


# What is done can be done again and taken back

odd = st.text(st.sampled_from("aé=+-@'\t\n;,\"| 1"), max_size=8).map(normal_text)
persons = st.builds(
    Person,
    odd.filter(bool),
    st.sampled_from(["", "a@x.fi", "B@x.fi", "=c@x.fi"]).filter(lambda text: not text or is_email(text)),
    odd,
    odd,
)
known = st.dictionaries(st.sampled_from(["1", "k2", "=3", "-4", "'5", "+6"]), persons, max_size=5)
files = st.lists(st.tuples(st.sampled_from(["", "1", "k2", "7"]), persons), min_size=1, max_size=5)


def fill(store: Store, cohort_id: int, people: dict[str, Person]) -> None:
    if people:
        do(store, cohort_id, file_of(people.items()))
    assert roster(store, cohort_id) == people


def file_of(rows) -> bytes:
    cells = [(key, one.name, one.email, one.organisation, one.profession) for key, one in rows]
    return csv_sheet(("id", "name", "email", "organisation", "profession"), cells)


SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(known, st.sampled_from(["csv", "xlsx"]), st.sampled_from(["fi", "sv", "en"]))
def test_a_roster_written_out_and_imported_again_changes_nothing(store, people, kind, language):
    cohort_id = make_cohort(store)
    fill(store, cohort_id, people)
    if people:
        found = planned(store, cohort_id, written(store, cohort_id, kind, language))
        assert (found.changes, found.faults, found.unchanged) == ((), (), len(people))


@SLOW
@given(known, files)
def test_the_same_file_twice_is_once_and_taking_it_back_restores_exactly(store, people, rows):
    cohort_id = make_cohort(store)
    fill(store, cohort_id, people)
    raw = file_of(rows)
    import_id = do(store, cohort_id, raw)
    after = roster(store, cohort_id)
    assert planned(store, cohort_id, raw).changes == ()
    rosters.apply_import(store, cohort_id, import_id, now=NOW)
    assert roster(store, cohort_id) == after
    rosters.undo_import(store, cohort_id, import_id, now=NOW)
    rosters.undo_import(store, cohort_id, import_id, now=NOW)
    assert list(roster(store, cohort_id).items()) == list(people.items())


def test_a_plan_changes_nothing_until_it_is_done(store, cohort_id):
    plan(store, cohort_id, b"name\nAino\n")
    assert roster(store, cohort_id) == {}


def test_a_plan_that_does_not_fit_any_more_is_refused_as_a_whole(store, cohort_id):
    first = plan(store, cohort_id, b"id,name\n1,Aino\n2,Bo\n")
    do(store, cohort_id, b"id,name\n2,Cid\n")
    with pytest.raises(RosterChanged):
        rosters.apply_import(store, cohort_id, first, now=NOW)
    assert roster(store, cohort_id) == {"2": Person("Cid")}


def test_taking_back_is_refused_when_the_people_were_changed_since(store, cohort_id):
    first = do(store, cohort_id, b"id,name\n1,Aino\n")
    do(store, cohort_id, b"id,name\n1,Aino Virtanen\n")
    with pytest.raises(RosterChanged):
        rosters.undo_import(store, cohort_id, first, now=NOW)
    assert roster(store, cohort_id) == {"1": Person("Aino Virtanen")}


def test_an_import_that_was_taken_back_is_not_done_again(store, cohort_id):
    first = do(store, cohort_id, b"name\nAino\n")
    rosters.undo_import(store, cohort_id, first, now=NOW)
    with pytest.raises(RosterChanged):
        rosters.apply_import(store, cohort_id, first, now=NOW)
    with store.reading() as connection:
        assert last_applied(connection, cohort_id) is None


def test_an_import_of_another_cohort_is_not_there(store, cohort_id):
    first = plan(store, cohort_id, b"name\nAino\n")
    with pytest.raises(NotThere):
        rosters.apply_import(store, make_cohort(store), first, now=NOW)


def test_five_thousand_rows_are_read_planned_done_and_taken_back(store, cohort_id):
    rows = [
        (f"Etunimi Sukunimi {number}", f"person{number}@example.fi", "Kela", "käsittelijä") for number in range(5000)
    ]
    raw = as_csv([("name", "email", "organisation", "profession"), *rows], ";").encode("cp1252")
    told: list[int] = []
    import_id = rosters.plan_import(
        store, cohort_id, raw, file_name="big.csv", account_id=None, now=NOW, tell=told.append
    )
    assert told == list(range(100, 5001, 100))
    rosters.apply_import(store, cohort_id, import_id, now=NOW)
    assert len(roster(store, cohort_id)) == 5000
    assert planned(store, cohort_id, raw).unchanged == 5000
    rosters.undo_import(store, cohort_id, import_id, now=NOW)
    assert roster(store, cohort_id) == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_reading_takes_no_more_memory_for_more_rows(kind):
    """What is read is handed on row by row; the file itself is bounded."""

    def peak(number: int) -> int:
        rows = [(f"Name {one}", f"p{one}@x.fi") for one in range(number)]
        raw = csv_sheet(("name", "email"), rows) if kind == "csv" else xlsx_sheet("R", ("name", "email"), rows)
        gc.collect()
        tracemalloc.start()
        read = sum(1 for _ in rosters.file_rows(raw))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == number
        return most - 4 * len(raw)

    peak(10)
    # Kept rows would take more than a megabyte; what else a busy process allots meanwhile takes some of the rest.
    assert peak(5000) < peak(500) + 600_000


def test_somebody_added_by_hand_follows_the_rules_of_a_file(store, cohort_id):
    assert rosters.add_person(store, cohort_id, Person("Aino", "a@x.fi"), now=NOW) is None
    assert rosters.add_person(store, cohort_id, Person("Aino", "a@x.fi"), now=NOW) is None
    assert len(roster(store, cohort_id)) == 1
    fault = rosters.add_person(store, cohort_id, Person("Bo", "no mail"), now=NOW)
    assert fault is not None and fault.value == "no mail"


def test_the_headings_of_every_language_are_known_when_they_come_back(store, cohort_id):
    with store.reading() as connection:
        for language in ("fi", "sv", "en", "xx"):
            heading, _ = rosters.exported(connection, cohort_id, language)
            assert columns_of(heading) == {"key": 0, "name": 1, "email": 2, "organisation": 3, "profession": 4}
