"""What a file of people would change on a roster: nothing twice, nobody by mistake, a word for each wrong row."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from course.domain.roster import (
    KEY_MAX,
    ROWS_MAX,
    Change,
    Fault,
    FileRow,
    Person,
    columns_of,
    file_row,
    made_key,
    plan,
)

# Few names, mails and keys, so that people share them as they do on real lists.
names = st.sampled_from(["Aino", "aino", "Bo", "Cid"])
mails = st.sampled_from(["", "a@x.fi", "A@x.fi", "b@x.fi"])
places = st.sampled_from(["", "Kela", "Poliisi"])
people = st.builds(Person, names, mails, places, places)
keys = st.sampled_from(["", "", "1", "2", "3", made_key(Person("Aino")), made_key(Person("Bo", "b@x.fi"))])
files = st.lists(st.tuples(keys, people), max_size=6).map(
    lambda rows: [FileRow(line, key, person) for line, (key, person) in enumerate(rows, 2)]
)
rosters = st.dictionaries(keys.filter(bool), people, max_size=4)


def after(known: dict[str, Person], changes: tuple[Change, ...]) -> dict[str, Person]:
    return {**known, **{change.key: change.after for change in changes}}


@settings(max_examples=1500)
@given(rosters, files)
def test_the_same_file_twice_changes_nothing_the_second_time(known, rows):
    once = after(known, plan(rows, known).changes)
    assert plan(rows, once).changes == ()


@given(rosters)
def test_a_roster_written_out_and_read_again_changes_nothing(known):
    rows = [FileRow(line, key, person) for line, (key, person) in enumerate(known.items(), 2)]
    found = plan(rows, known)
    assert (found.changes, found.faults, found.unchanged) == ((), (), len(known))


@given(rosters, files)
def test_what_was_before_is_written_down_for_every_change(known, rows):
    changes = plan(rows, known).changes
    assert all(change.before == known.get(change.key) and change.after != change.before for change in changes)
    assert len({change.key for change in changes}) == len(changes)


@given(rosters, files)
def test_every_row_is_a_change_or_unchanged_or_has_a_fault(known, rows):
    found = plan(rows, known)
    assert len(found.changes) + found.unchanged + len(found.faults) == found.rows == len(rows)


def rows_of(*people: Person) -> list[FileRow]:
    return [FileRow(line, "", person) for line, person in enumerate(people, 2)]


def faults(*rows: FileRow, known: dict[str, Person] | None = None) -> list[tuple[int, Fault, str]]:
    return [(one.line, one.fault, one.value) for one in plan(rows, known or {}).faults]


def test_a_row_without_a_name_is_told_and_the_others_go_on():
    found = plan(rows_of(Person("", "a@x.fi"), Person("Bo")), {})
    assert [(one.line, one.fault) for one in found.faults] == [(2, Fault.NAME_MISSING)]
    assert [change.after.name for change in found.changes] == ["Bo"]


def test_an_address_that_cannot_be_one_is_told():
    for wrong in ("aino", "aino@", "a b@x.fi", "a@x", "a@x.fi, b@x.fi"):
        assert faults(*rows_of(Person("Aino", wrong))) == [(2, Fault.EMAIL_WRONG, wrong)]


def test_what_is_too_long_for_its_place_is_told():
    assert faults(FileRow(2, "k" * (KEY_MAX + 1), Person("Aino")))[0][1] is Fault.TOO_LONG
    assert faults(*rows_of(Person("A" * 121)))[0][1] is Fault.TOO_LONG


def test_two_rows_for_one_person_are_told_with_the_line_of_the_first():
    assert faults(*rows_of(Person("Aino", "a@x.fi"), Person("Aino", "A@X.fi"))) == [(3, Fault.SAME_ROW, "2")]


def test_names_that_differ_in_capitals_alone_are_one_person():
    assert faults(*rows_of(Person("Aino"), Person("AINO"))) == [(3, Fault.SAME_ROW, "2")]


def test_a_name_that_several_people_have_is_not_guessed():
    known = {"1": Person("Aino", "a@x.fi"), "2": Person("Aino", "b@x.fi")}
    assert faults(*rows_of(Person("Aino", "", "", "Cook")), known=known) == [(2, Fault.WHICH_PERSON, "Aino")]


def test_another_of_the_same_name_with_an_address_of_her_own_is_somebody_new():
    [change] = plan(rows_of(Person("Aino", "b@x.fi")), {"1": Person("Aino", "a@x.fi")}).changes
    assert change.before is None


def test_an_address_under_another_name_is_not_guessed():
    known = {"1": Person("Aino", "a@x.fi")}
    assert faults(*rows_of(Person("Bo", "a@x.fi")), known=known) == [(2, Fault.WHICH_PERSON, "Bo")]


def test_an_empty_cell_leaves_what_is_known():
    known = {"1": Person("Aino", "a@x.fi", "Kela")}
    [change] = plan([FileRow(2, "1", Person("Aino", "", "", "Cook"))], known).changes
    assert change.after == Person("Aino", "a@x.fi", "Kela", "Cook")


def test_nobody_is_taken_off_by_a_file():
    assert plan([], {"1": Person("Aino")}).changes == ()


def test_a_file_longer_than_any_group_is_read_no_further():
    rows = [FileRow(line, "", Person(f"P {line}")) for line in range(2, ROWS_MAX + 12)]
    found = plan(rows, {})
    assert len(found.changes) == ROWS_MAX
    assert [(one.fault, one.value) for one in found.faults] == [(Fault.TOO_MANY, str(ROWS_MAX))]


def test_the_headings_are_known_in_three_languages_in_any_order():
    assert columns_of(["Sähköposti", " NIMI ", "muuta"]) == {"email": 0, "name": 1}
    assert columns_of(["E-post", "Förnamn", "Efternamn"]) == {"email": 0, "first": 1, "last": 2}
    assert columns_of(["id", "Name", "Organisation", "Profession"]) == {
        "key": 0, "name": 1, "organisation": 2, "profession": 3,
    }  # fmt: skip


def test_without_a_column_of_names_nothing_is_known():
    assert columns_of(["email", "organisation"]) == {}


def test_first_and_last_name_become_one_and_a_short_row_has_empty_cells():
    columns = columns_of(["Etunimi", "Sukunimi", "Sähköposti"])
    assert file_row(2, ["Aino ", " Virtanen"], columns) == FileRow(2, "", Person("Aino Virtanen"))


def test_a_made_key_is_no_number_and_no_date_to_a_spreadsheet():
    for name in ("Aino", "Bo", "Cid"):
        key = made_key(Person(name))
        assert key.isalnum() and key.startswith("r") and len(key) <= KEY_MAX
