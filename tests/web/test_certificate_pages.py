"""The holder's pages: what a certificate is worth, its file and badge, and a slip of the pen mended."""

from __future__ import annotations

import pytest

from course.domain.certificate_state import Reason
from course.services import certificate_register
from course.services.certificate_files import CERTIFICATE_FILE
from course.storage.tables import Task
from tests.services.graduates import Press
from tests.strict_client import text_of
from tests.web.certificate_pages import ADMIN
from tests.web.journeys import pass_course


@pytest.fixture
def held(client, library):
    """The page of somebody who has just got her certificate."""
    pass_course(client, library)
    return client.submit(client.get("/en/certificate/"), name="Aino Vaara")


def code_of(page) -> str:
    return str(page.select_one(".certificate-card code").get_text())


def correct(client, page, name: str, status: int = 200):
    return client.submit(client.get(page.select_one("a[href$='/name']")["href"]), name=name, status=status)


def test_a_certificate_has_its_link_its_badge_and_what_profile_pages_ask_for(client, held):
    code = code_of(held)
    assert held.select_one("input[readonly]")["value"] == f"http://localhost/verify/{code}"
    details = text_of(held.select_one("details"))
    assert code in details and "Given by" in details
    badge = client.raw.get(held.select_one("a[href$='.jwt']")["href"])
    assert badge.content_type == "application/vc+jwt" and badge.text.count(".") == 2
    assert "Vaara" not in badge.text


def test_a_corrected_name_is_a_new_certificate_and_the_page_says_what_that_means(client, another_client, held):
    old = code_of(held)
    form = client.get(held.select_one("a[href$='/name']")["href"])
    said = text_of(form.main)
    assert old in said and "new certificate with a new code" in said and "cannot be taken back" in said
    page = client.submit(form, name="Aino Oikea")
    cards = page.select(".certificate-card")
    assert len(cards) == 2 and "Aino Oikea" in text_of(cards[0]) and "Replaced" in text_of(cards[1])
    assert not cards[1].select("a[href$='.jwt']") and cards[1].select("a[href$='.pdf']")
    check = another_client.get(f"/verify/{old}?lang=en")
    assert check.select_one(".notice a").get_text() == code_of(page)


def test_a_wrong_name_is_refused_with_a_sentence_and_nothing_is_replaced(client, held):
    page = correct(client, held, "  ", status=422)
    assert page.select(".error-summary")
    assert code_of(client.get("/en/certificate/")) == code_of(held)


def test_after_some_corrections_the_way_to_another_one_is_closed(client, held):
    page = held
    for name in ("One", "Two", "Three"):
        page = correct(client, page, name)
    assert not page.select("a[href$='/name']")
    link = page.select_one(".certificate-card a[href$='.pdf']")["href"].replace(".pdf", "/name")
    client.get(link, status=409)


def test_nobody_opens_or_corrects_the_certificate_of_somebody_else(client, another_client, held, library):
    pass_course(another_client, library)
    links = [held.select_one(f"a[href$='{end}']")["href"] for end in (".pdf", ".jwt", "/name")]
    for link in links:
        assert another_client.raw.get(link).status_code == 404
    token = another_client.get("/en/certificate/").select_one("[name=csrf_token]")["value"]
    another_client.post(links[2], {"csrf_token": token, "name": "Mine"}, status=404)


def test_the_holder_of_a_revoked_certificate_reads_why_and_gets_no_badge(client, site, held):
    certificate_id = int(held.select_one("a[href$='.pdf']")["href"].rpartition("/")[2].removesuffix(".pdf"))
    certificate_register.revoke_certificate(
        site.store, certificate_id=certificate_id, reason=Reason.MISTAKE, note="secret", by=ADMIN, now=site.now()
    )
    page = client.get("/en/certificate/")
    shown = text_of(page.main)
    assert "Revoked" in shown and "issued by mistake" in shown and "secret" not in client.response.text
    assert not page.select("a[href$='.jwt'], a[href$='/name']")
    assert client.raw.get(f"/en/certificates/{certificate_id}.jwt").status_code == 409


def test_when_many_come_at_once_the_page_waits_and_asks_again_by_itself(client, site, held, monkeypatch):
    link = held.select_one("a[href$='.pdf']")["href"]
    with site.turnstile.place(), site.turnstile.place():
        page = client.get(link, status=202)
        assert "is being made" in text_of(page.h1)
        assert int(client.response.headers["Refresh"]) > 0
    with site.store.reading() as connection:
        kinds = connection.execute(Task.__table__.select().where(Task.kind == CERTIFICATE_FILE)).all()
    assert len(kinds) == 1
    monkeypatch.setattr(site.renderer, "render", Press().render)
    assert client.raw.get(link).content_type == "application/pdf"
