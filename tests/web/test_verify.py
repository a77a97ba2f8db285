"""An employer checks a certificate: one clear answer, no name shown, and no way to guess."""

from __future__ import annotations

import pytest

from course.domain.certificate import CODE_BYTES, new_code
from tests.strict_client import text_of
from tests.web.journeys import pass_course

NAME = "Aino Esimerkki-Ääkkönen"
NAME_FORM = "main form:has([name=name])"


@pytest.fixture
def code(another_client, library) -> str:
    """The number of a certificate that somebody holds."""
    pass_course(another_client, library)
    page = another_client.submit(another_client.get("/fi/certificate/"), name=NAME)
    return str(page.select_one("a[href*='/verify/']")["href"]).rpartition("/")[2]


def test_a_genuine_certificate_is_confirmed_with_its_facts_and_without_the_name(client, code, library):
    page = client.get(f"/verify/{code}?lang=en")
    shown = text_of(page.main)
    assert "genuine" in shown
    assert library.title["fi"] in shown and library.edition in shown
    assert NAME.split(maxsplit=1)[0] not in client.response.text


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param(str.lower, id="small letters"),
        pytest.param(lambda code: code.replace("-", ""), id="no hyphens"),
        pytest.param(lambda code: code.replace("-", " "), id="spaces"),
        pytest.param(lambda code: code.replace("-", "–"), id="dashes"),
        pytest.param(lambda code: code.replace("0", "O"), id="O for 0"),
        pytest.param(lambda code: code.replace("0", "o").replace("1", "l"), id="o and l"),
        pytest.param(lambda code: code.replace("1", "I"), id="I for 1"),
        pytest.param(lambda code: f"  {code.lower()}  ", id="space around"),
    ],
)
def test_slips_of_the_hand_still_find_the_certificate(client, code, slip):
    page = client.get("/verify/", query_string={"code": slip(code)})
    assert code in client.response.request.path
    assert page.select(".notice.good")


def test_a_code_typed_into_the_field_leads_to_its_own_address(client, code):
    answer = client.raw.get("/verify/", query_string={"code": code.lower()})
    assert answer.location == f"/verify/{code}"


def test_a_number_that_was_never_issued_is_unknown(client):
    page = client.get(f"/verify/{new_code(bytes(CODE_BYTES))}?lang=en", status=404)
    assert "No certificate has this code" in text_of(page.main)
    assert page.select(".notice.warn") and not page.select(".notice.good")


def test_an_unknown_number_and_a_mistyped_one_are_told_apart(client, code):
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    page = client.get(f"/verify/{mistyped}?lang=en", status=404)
    assert "This is not a code of a certificate" in text_of(page.main)


@pytest.mark.parametrize("nonsense", ["x", "1234", "<b>", "a" * 500, "ä"])
def test_nonsense_is_answered_with_what_to_do(client, nonsense):
    page = client.get(f"/verify/{nonsense}", status=404)
    assert page.select("[name=code]")


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        (NAME, True),
        (NAME.upper(), True),
        ("  aino   esimerkki ääkkönen ", True),
        ("Aino Esimerkki", False),
        ("Aino Esimerkki-Aakkonen", False),
        ("", False),
        ("x" * 5000, False),
    ],
)
def test_the_name_that_an_employer_types_matches_or_does_not(client, code, typed, matches):
    page = client.submit(client.get(f"/verify/{code}"), NAME_FORM, name=typed)
    assert (len(page.select(".notice.good")) == 2) is matches
    assert bool(page.select(".notice.warn")) is not matches


def test_after_thirty_checks_in_an_hour_the_rest_waits_and_the_next_hour_works_again(client, code, clock):
    for _ in range(30):
        client.get(f"/verify/{code}")
    client.get(f"/verify/{code}", status=429)
    wait = int(client.response.headers["Retry-After"])
    assert 0 < wait <= 3600
    clock.move(seconds=wait - 1)
    client.get(f"/verify/{code}", status=429)
    clock.move(seconds=1)
    client.get(f"/verify/{code}")


def test_guesses_count_like_checks_and_names_too(client, code):
    page = client.get(f"/verify/{code}")
    for _ in range(15):
        client.get("/verify/0000", status=404)
    for _ in range(14):
        client.submit(page, NAME_FORM, name="Someone Else")
    client.submit(page, NAME_FORM, name=NAME, status=429)


def test_the_empty_form_is_not_counted(client):
    for _ in range(31):
        client.get("/verify/")


def test_search_engines_are_asked_not_to_keep_a_checked_certificate(client, code):
    for address in ("/verify/", f"/verify/{code}"):
        client.get(address)
        assert client.response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("address", "wish", "language"),
    [
        ("/verify/", "sv-FI", "sv"),
        ("/verify/", "en;q=0.8, fi;q=0.9", "fi"),
        ("/verify/", "de", "fi"),
        ("/verify/?lang=en", "sv", "en"),
        ("/verify/?lang=xx", "sv", "sv"),
    ],
)
def test_the_page_speaks_the_language_asked_for_and_else_the_browsers(client, address, wish, language):
    assert client.get(address, headers={"Accept-Language": wish}).html["lang"] == language


def test_the_page_of_a_certificate_can_be_had_in_another_language(client, code):
    page = client.get(f"/verify/{code}", headers={"Accept-Language": "fi"})
    link = page.select_one(".languages a[lang=sv]")["href"]
    assert client.get(link, headers={"Accept-Language": "fi"}).html["lang"] == "sv"
