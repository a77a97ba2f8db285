from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.certificate import (
    ALPHABET,
    NAME_MAX,
    CertificateFacts,
    canonical_json,
    facts_from_json,
    facts_hash,
    new_code,
    nominal_hours,
    normal_code,
    normal_name,
    same_name,
)
from course.domain.errors import NameNeeded

FACTS = CertificateFacts(
    name="Aino Öhman",
    course_id="recognise-and-refer",
    course_title="Tunnista ja ohjaa",
    track_id="core",
    track_title="Yhteinen osuus",
    edition="2026.1",
    minutes=285,
    modules=(("signs", "Tunnusmerkit"), ("safety", "Turvallisuus")),
    language="fi",
    issued_on=date(2026, 11, 22),
    code=new_code(bytes(range(16))),
    verify_url="https://course.example/verify/0",
    issuer="Tunnista ja ohjaa",
)

sixteen_bytes = st.binary(min_size=16, max_size=16)


class TestFacts:
    def test_equal_facts_give_equal_bytes_whatever_way_the_letters_were_typed(self) -> None:
        decomposed = replace(FACTS, name=unicodedata.normalize("NFD", FACTS.name))
        assert decomposed.name != FACTS.name
        assert canonical_json(decomposed) == canonical_json(FACTS)
        assert facts_hash(decomposed) == facts_hash(FACTS)

    def test_the_canonical_form_has_sorted_keys_and_no_spaces_and_keeps_letters_readable(self) -> None:
        text = canonical_json(FACTS).decode()
        record = json.loads(text)
        assert list(record) == sorted(record)
        assert '"name":"Aino Öhman"' in text
        assert ", " not in text and ": " not in text
        assert record["format"] == 1

    def test_stored_facts_can_be_read_back(self) -> None:
        assert facts_from_json(canonical_json(FACTS)) == FACTS

    def test_facts_of_an_unknown_form_are_not_guessed_at(self) -> None:
        stored = canonical_json(FACTS).replace(b'"format":1', b'"format":2')
        with pytest.raises(ValueError, match="form"):
            facts_from_json(stored)

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "Aino Ohman"},
            {"minutes": 286},
            {"issued_on": date(2026, 11, 23)},
            {"modules": (("safety", "Turvallisuus"), ("signs", "Tunnusmerkit"))},
        ],
    )
    def test_any_changed_fact_changes_the_hash(self, change: dict[str, object]) -> None:
        assert facts_hash(replace(FACTS, **change)) != facts_hash(FACTS)  # type: ignore[arg-type]


class TestName:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  Aino   Öhman ", "Aino Öhman"),
            ("Aino\t\nÖhman", "Aino Öhman"),
            ("A", "A"),
            ("Áŋŋel Eŋŋa Šoŋ", "Áŋŋel Eŋŋa Šoŋ"),
            ("O\u0308hman", "Öhman"),
            ("N.N.", "N.N."),
            ("D’Angelo-O'Neill", "D’Angelo-O'Neill"),
            ("ليلى حسن", "ليلى حسن"),
            # Marks that come along from a right-to-left page are dropped, not refused.
            ("\u200fليلى حسن\u200e", "ليلى حسن"),
            ("Aino\u200b\ufeff Öh\u00adman", "Aino Öhman"),
            # The Persian half space is part of the spelling; between Latin letters it is nothing.
            ("می\u200cنا", "می\u200cنا"),
            ("Ai\u200cno", "Aino"),
        ],
    )
    def test_a_name_is_kept_as_people_write_it(self, typed: str, kept: str) -> None:
        assert normal_name(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "   ",
            "\u200b",
            "-",
            "12345",
            "Aino\x00Öhman",
            "Aino\x1b[31m",
            "\u202eonia",
            "Aino \u2066Öhman\u2069",
            "Aino \ue000",
            "Aino \ud800",
            "a" + "\u0337" * 5,
            "x" * (NAME_MAX + 1),
            "x" * 1_000_000,
        ],
    )
    def test_what_cannot_be_a_name_is_refused(self, typed: str) -> None:
        with pytest.raises(NameNeeded):
            normal_name(typed)

    def test_a_name_may_have_as_many_characters_as_the_form_says(self) -> None:
        assert len(normal_name("å" * NAME_MAX)) == NAME_MAX
        # Counted after composition: the same name typed with loose rings is not longer.
        assert len(normal_name("a\u030a" * NAME_MAX)) == NAME_MAX

    @given(st.text(max_size=200))
    def test_a_kept_name_is_kept_again_unchanged(self, typed: str) -> None:
        try:
            name = normal_name(typed)
        except NameNeeded:
            return
        assert normal_name(name) == name
        assert 1 <= len(name) <= NAME_MAX

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Aino Öhman", "AINO  ÖHMAN"),
            ("Aino Öhman", " aino o\u0308hman "),
            ("Anna-Liisa Virtanen", "Anna–Liisa Virtanen"),
            ("Anna-Liisa Virtanen", "anna liisa virtanen"),
            ("D’Angelo", "D'Angelo"),
            ("Groß", "GROSS"),
            ("Ａｉｎｏ", "Aino"),
        ],
    )
    def test_a_verifier_need_not_type_a_name_to_the_last_space(self, one: str, other: str) -> None:
        assert same_name(one, other)
        assert same_name(other, one)

    @pytest.mark.parametrize(
        ("one", "other"), [("Müller", "Muller"), ("Aino Öhman", "Öhman Aino"), ("Šoŋ", "Son"), ("Aino", "Aino Ö")]
    )
    def test_letters_with_their_marks_decide(self, one: str, other: str) -> None:
        assert not same_name(one, other)


class TestCode:
    def test_a_code_is_seven_groups_of_four_from_an_alphabet_without_lookalikes(self) -> None:
        code = new_code(b"\xff" * 16)
        assert [len(group) for group in code.split("-")] == [4] * 7
        assert set(code) <= {*ALPHABET, "-"}
        assert not set("ILOU") & set(ALPHABET)

    @given(sixteen_bytes, sixteen_bytes)
    def test_all_the_randomness_reaches_the_code(self, one: bytes, other: bytes) -> None:
        assert (new_code(one) == new_code(other)) == (one == other)

    @given(sixteen_bytes)
    def test_a_code_is_understood_the_way_people_type_it(self, random: bytes) -> None:
        code = new_code(random)
        slipped = code.replace("0", "o").replace("1", "l")
        for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " – "), f" {slipped}\n"):
            assert normal_code(typed) == code

    @given(sixteen_bytes, st.integers(0, 27), st.sampled_from(ALPHABET))
    def test_a_mistyped_code_is_hardly_ever_taken_for_another(self, random: bytes, at: int, letter: str) -> None:
        letters = new_code(random).replace("-", "")
        typed = letters[:at] + letter + letters[at + 1 :]
        found = normal_code(typed)
        # Twelve check bits: one slip in four thousand goes through, and then as a number that was never issued.
        assert found is None or found.replace("-", "") == typed

    def test_one_wrong_letter_is_noticed(self) -> None:
        code = new_code(bytes(range(16)))
        assert normal_code(code.replace(code[0], "Z", 1)) is None

    @pytest.mark.parametrize("typed", ["", "ABCD", "U" * 28, "Ж" * 28, "0" * 27, "0" * 29, "0" * 10_000])
    def test_what_cannot_be_a_code_is_none(self, typed: str) -> None:
        assert normal_code(typed) is None

    @pytest.mark.parametrize("size", [0, 15, 17])
    def test_a_code_needs_all_its_bytes(self, size: int) -> None:
        with pytest.raises(ValueError, match="16"):
            new_code(bytes(size))


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(1, "0.5"), (30, "0.5"), (44, "0.5"), (45, "1"), (60, "1"), (185, "3"), (285, "5"), (290, "5"), (315, "5.5")],
)
def test_hours_are_told_by_half_hours(minutes: int, hours: str) -> None:
    assert nominal_hours(minutes) == Decimal(hours)
