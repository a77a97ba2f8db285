"""The check of a certificate gives one clear answer for each state, in every language, and never shows a name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from course.domain.certificate_file import LARGEST_FILE
from course.domain.statement import statement_of
from course.exports.signed_statement import sign_statement
from course.exports.signing_keys import signing_keys
from tests.strict_client import text_of
from tests.web.certificate_pages import NAME, NOTE, issued, parts_of_name, register
from tests.web.test_verify import NAME_FORM

TITLES = {
    "fi": {
        "valid": "Tämä todistus on aito ja voimassa",
        "replaced": "Tämä todistus on korvattu toisella 22.11.2026",
        "revoked": "Tämä todistus on peruutettu 22.11.2026",
        "expired": "Tämä todistus on vanhentunut: sen viimeinen päivä oli 21.11.2026",
        "unknown": "Tällä tunnuksella ei ole todistusta",
    },
    "sv": {
        "valid": "Det här intyget är äkta och giltigt",
        "replaced": "Det här intyget ersattes 22.11.2026",
        "revoked": "Det här intyget återkallades 22.11.2026",
        "expired": "Det här intyget har gått ut: dess sista dag var 21.11.2026",
        "unknown": "Inget intyg har den här koden",
    },
    "en": {
        "valid": "This certificate is genuine and valid",
        "replaced": "This certificate was replaced on 22 November 2026",
        "revoked": "This certificate was revoked on 22 November 2026",
        "expired": "This certificate expired: its last day was 21 November 2026",
        "unknown": "No certificate has this code",
    },
}


@pytest.fixture
def codes(app, site):
    """One certificate in each state."""
    return register(app, site)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_five_states_give_five_different_and_right_pages(client, codes, language):
    pages = {}
    for state, title in TITLES[language].items():
        status = 404 if state == "unknown" else 200
        page = client.get(f"/verify/{asdict(codes)[state]}?lang={language}", status=status)
        assert title in text_of(page.select_one(".notice-title")), state
        pages[state] = re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){6}", "", text_of(page.main))
    assert len(set(pages.values())) == 5


def test_a_forged_code_and_a_revoked_one_differ(client, codes):
    revoked = client.get(f"/verify/{codes.revoked}?lang=en")
    assert "issued by mistake" in text_of(revoked.main) and codes.revoked in text_of(revoked.main)
    forged = client.get(f"/verify/{codes.unknown}?lang=en", status=404)
    assert "revoked" not in text_of(forged.select_one(".notice"))


def test_a_replaced_certificate_leads_to_the_one_in_its_place(client, codes):
    page = client.get(f"/verify/{codes.replaced}?lang=en")
    link = page.select_one(".notice a")
    assert link["href"] == f"/verify/{codes.successor}"
    assert client.get(link["href"]).select(".notice.good")


def test_an_erased_holder_leaves_number_edition_date_and_hash_and_no_question_for_the_name(client, codes, library):
    page = client.get(f"/verify/{codes.erased}?lang=en")
    shown = text_of(page.select_one(".notice"))
    assert "the holder’s data was erased on 22 November 2026" in shown
    assert codes.erased in shown and library.edition in shown and re.search(r"[0-9a-f]{64}", shown)
    assert not page.select(NAME_FORM)


@pytest.mark.parametrize("state", ["valid", "replaced", "revoked", "expired", "erased"])
def test_no_page_shows_the_name_or_the_note_before_or_after_one_was_typed(client, codes, state):
    page = client.get(f"/verify/{asdict(codes)[state]}?lang=en")
    texts = [client.response.text]
    if page.select(NAME_FORM):
        client.submit(page, NAME_FORM, name="Someone Else")
        texts.append(client.response.text)
    for text in texts:
        assert not [part for part in (*parts_of_name(), NOTE) if part in text]


def test_a_name_is_compared_in_every_state_that_has_one(client, codes):
    for state in ("valid", "replaced", "revoked", "expired"):
        page = client.get(f"/verify/{asdict(codes)[state]}?lang=en")
        page = client.submit(page, NAME_FORM, name=NAME.upper())
        assert "The name matches" in text_of(page.main), state


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_a_thousand_issued_no_page_shows_a_name_unasked(app, site, client):
    """A thousand numbers of one learner's chain of corrections would be refused, so each is somebody's own."""
    shown = set()
    for number in range(1000):
        name = f"Nimi{'abcdefghij'[number // 100]}{'abcdefghij'[number // 10 % 10]}{'abcdefghij'[number % 10]} Suku"
        one = issued(app, site, name)
        answer = client.raw.get(
            f"/verify/{one.facts.code}", environ_overrides={"REMOTE_ADDR": f"10.0.{number // 25}.1"}
        )
        assert answer.status_code == 200
        shown |= set(re.findall(r"Nimi\w+|Suku", answer.text))
    assert shown == set()


# By file


@pytest.fixture
def held(app, site):
    """(certificate, the bytes of its file): made by the real press."""
    one = issued(app, site)
    return one, site.renderer.render(one.facts, one.id)


def upload(client, content: bytes | None, status: int = 200):
    page = client.get("/verify/?lang=en")
    form = page.select_one("form[enctype]")
    token = form.select_one("[name=csrf_token]")["value"]
    fields = {"csrf_token": token, "lang": "en"}
    if content is not None:
        fields["file"] = FileStorage(BytesIO(content), "certificate.pdf")
    boundary, body = encode_multipart(fields)
    answer = client.raw.post(
        form["action"],
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )
    return client._page(answer, status)


def test_the_file_itself_is_recognised_and_looked_up(client, held):
    one, pdf = held
    page = upload(client, pdf)
    shown = text_of(page.main)
    assert "The file is as we made it" in shown and "genuine and valid" in shown
    assert one.facts.code in shown and not [part for part in parts_of_name() if part in client.response.text]


def test_one_flipped_byte_is_noticed(client, held):
    _, pdf = held
    at = len(pdf) // 3
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    page = upload(client, changed)
    assert "The file was changed" in text_of(page.main) and not page.select(".notice.good")


@pytest.mark.parametrize("content", [b"%PDF-1.7 nothing of ours", b"a letter", b"\x00" * 5000])
def test_a_file_of_others_is_not_ours(client, content):
    assert "was not made by this site" in text_of(upload(client, content).main)


def test_a_form_without_a_file_says_what_to_do(client):
    page = upload(client, None, status=422)
    assert "Choose the PDF file" in text_of(page.select_one(".error-summary"))


def test_a_file_of_more_than_a_megabyte_is_refused_and_one_below_is_looked_at(client):
    assert "was not made by this site" in text_of(upload(client, b"%PDF-" + b"0" * (LARGEST_FILE - 5)).main)
    upload(client, b"0" * (LARGEST_FILE + 100_000), status=413)


def test_uploads_are_counted_like_codes(client):
    for _ in range(30):
        upload(client, b"x")
    upload(client, b"x", status=429)


# By the statement in the code


def signed(site, one) -> str:
    statement = sign_statement(statement_of(one.facts), signing_keys(site.signing).badge)
    return f"{one.facts.verify_url}#{statement}"


def test_the_statement_in_the_code_is_checked_with_the_keys_alone(client, app, site, library):
    one = issued(app, site)
    page = client.get("/verify/statement", query_string={"s": signed(site, one), "lang": "en"})
    shown = text_of(page.main)
    assert "The statement is genuine" in shown and one.facts.code in shown and library.edition in shown
    assert not [part for part in parts_of_name() if part in client.response.text]
    page = client.submit(page, NAME_FORM, name=NAME)
    assert "The name matches" in text_of(page.main)


def test_a_statement_keeps_when_the_language_is_changed(client, app, site):
    page = client.get("/verify/statement", query_string={"s": signed(site, issued(app, site)), "lang": "en"})
    page = client.get(page.select_one(".languages a[lang=sv]")["href"])
    assert page.html["lang"] == "sv" and page.select(".notice.good")


@pytest.mark.parametrize("change", ["another signature", "a part missing", "nonsense"])
def test_a_changed_statement_is_refused(client, app, site, change):
    text = signed(site, issued(app, site))
    head, _, signature = text.rpartition(".")
    texts = {
        "another signature": f"{head}.{signature[::-1]}",
        "a part missing": text.replace(".", "", 1),
        "nonsense": "x",
    }
    page = client.get("/verify/statement", query_string={"s": texts[change], "lang": "en"})
    assert page.select(".notice.warn") and not page.select(".notice.good")


# For programs


def test_the_public_keys_the_issuer_and_the_list_of_revoked_badges_have_their_addresses(client, codes):
    keys = client.raw.get("/verify/keys.json").json
    assert {key["signs"] for key in keys["keys"]} == {"PDF files", "badges and statements"}
    assert not [key for key in keys["keys"] if "d" in key]
    document = client.raw.get("/.well-known/did.json").json
    assert document["id"] == "did:web:localhost"
    assert client.raw.get("/did.json").status_code == 404
    status = client.raw.get("/verify/status/0")
    assert status.content_type == "application/vc"
    assert json.loads(status.data)["credentialSubject"]["statusPurpose"] == "revocation"


def test_the_keys_stay_the_same(client):
    first, second = (hashlib.sha256(client.raw.get("/verify/keys.json").data).hexdigest() for _ in range(2))
    assert first == second
