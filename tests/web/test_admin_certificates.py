"""Administrators search, read the journal, revoke with a reason, correct a name, and look at templates. Nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from course.exports.certificate_preview import Previews
from course.services.certificate_zip import CERTIFICATE_ZIP, request_zip
from course.services.work import WAITS
from course.storage.tables import Task
from tests.services.graduates import Press
from tests.staff_fixtures import make_account
from tests.strict_client import text_of
from tests.web.certificate_pages import NAME, NOTE, issued, register

CERTIFICATES = Path(__file__).parents[2] / "certificates"


@pytest.fixture
def one(app, site):
    return issued(app, site)


def test_trainers_and_visitors_neither_see_the_register_nor_revoke(client, trainer_client, one):
    for address in ("", f"{one.id}/", f"{one.id}/revoke", f"{one.id}/reissue", "preview", "preview/default.pdf"):
        assert trainer_client.raw.get(f"/en/admin/certificates/{address}").status_code == 403, address
        assert client.raw.get(f"/en/admin/certificates/{address}").status_code in (302, 303, 401), address
    token = trainer_client.get("/en/account/").select_one("[name=csrf_token]")["value"]
    fields = {"csrf_token": token, "reason": "misuse", "name": "X"}
    for deed in ("revoke", "reissue"):
        assert trainer_client.send(f"/en/admin/certificates/{one.id}/{deed}", fields).status_code == 403
    assert client.get(f"/verify/{one.facts.code}").select(".notice.good")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_register_is_searched_by_number_name_and_track(admin_client, app, site, language):
    codes = register(app, site)
    page = admin_client.get(f"/{language}/admin/certificates/")
    assert len(page.select("tbody tr")) == 6
    assert page.select_one("form.filters")["action"] == f"/{language}/admin/certificates/"
    page = admin_client.get(f"/{language}/admin/certificates/", query_string={"q": codes.revoked.lower()})
    assert [cell.get_text() for cell in page.select("tbody code")] == [codes.revoked]
    page = admin_client.get(f"/{language}/admin/certificates/", query_string={"q": "ääkkönen aino"})
    assert len(page.select("tbody tr")) == 5
    assert not admin_client.get(f"/{language}/admin/certificates/?track=drinks").select("tbody tr")


def test_a_revocation_needs_a_reason_and_stands_in_the_journal_with_its_author(admin_client, client, one):
    form = admin_client.get(f"/en/admin/certificates/{one.id}/revoke")
    page = admin_client.submit(form, "main form", note=NOTE, status=422)
    assert "Choose why" in text_of(page.select_one(".error-summary")) and NOTE in page.textarea.get_text()
    page = admin_client.submit(form, "main form", reason="not-own-work", note=NOTE)
    line = text_of(page.select("tbody tr")[-1])
    assert "Revoked" in line and "Aarne" in line and NOTE in line and "own work" in line
    assert not page.select("a[href$='/revoke'], a[href$='/reissue']")
    admin_client.get(f"/en/admin/certificates/{one.id}/revoke", status=409)
    check = client.get(f"/verify/{one.facts.code}?lang=en")
    assert "own work" in text_of(check.main) and NOTE not in client.response.text


def test_an_unknown_reason_is_refused(admin_client, client, one):
    form = admin_client.get(f"/en/admin/certificates/{one.id}/revoke")
    admin_client.submit(form, "main form", reason="whim", status=422)
    assert client.get(f"/verify/{one.facts.code}").select(".notice.good")


def test_an_administrator_corrects_a_name(admin_client, client, one):
    form = admin_client.get(f"/en/admin/certificates/{one.id}/reissue")
    page = admin_client.submit(form, "main form", name="Aino Oikea")
    assert "Aino Oikea" in text_of(page.main) and one.facts.code not in text_of(page.h1)
    page = admin_client.get(f"/en/admin/certificates/{one.id}/")
    assert "Replaced" in text_of(page.select("tbody tr")[-1])


def test_an_erased_certificate_shows_no_name_and_can_still_be_revoked(admin_client, app, site):
    codes = register(app, site)
    page = admin_client.get("/en/admin/certificates/", query_string={"q": codes.erased})
    page = admin_client.get(page.select_one("tbody a")["href"])
    assert "data erased" in text_of(page.main) and NAME not in admin_client.response.text
    assert page.select("a[href$='/revoke']") and not page.select("a[href$='/reissue']")


def test_a_certificate_that_is_not_there_is_not_there(admin_client):
    for address in ("4711/", "4711/revoke", "4711/reissue", "preview/nothing.pdf"):
        admin_client.get(f"/en/admin/certificates/{address}", status=404)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_template_is_drawn_with_its_sample_and_is_not_signed(admin_client):
    page = admin_client.get("/en/admin/certificates/preview")
    samples = [link["href"] for link in page.select("main .links a")]
    assert len(samples) == 6 and {"default", "workplace"} <= {text_of(h).split()[0] for h in page.select("h2")}
    for address in (samples[0], samples[-1]):
        drawn = admin_client.raw.get(address)
        assert drawn.content_type == "application/pdf" and drawn.data.startswith(b"%PDF")
        assert b"/ByteRange" not in drawn.data


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_template_with_a_fault_says_which(admin_client, site, tmp_path):
    shutil.copytree(CERTIFICATES / "workplace", tmp_path / "own")
    (tmp_path / "fonts").symlink_to(CERTIFICATES / "fonts")
    (tmp_path / "own" / "sign.svg").unlink()
    object.__setattr__(site, "previews", Previews(tmp_path))
    page = admin_client.get("/en/admin/certificates/preview/own.pdf", status=503)
    assert "sign.svg" in text_of(page.select_one(".notice.warn"))
    site.previews.close()


def test_the_page_of_a_zip_file_is_for_its_owner_and_refreshes_until_it_is_ready(
    app, site, trainer_client, other_trainer_client, one
):
    account = make_account(site, "tuuli@north.example", networks=("north",))
    job_id = request_zip(site.store, account, [one.id], site.now())
    address = f"/en/jobs/{job_id}/"
    other_trainer_client.get(address, status=404)
    page = trainer_client.get(address)
    assert "0 of 1 certificates" in text_of(page.main) and trainer_client.response.headers["Refresh"]
    object.__setattr__(site.renderer, "render", Press().render)
    assert app.extensions["course_worker"].run_due() == (1, 0)
    page = trainer_client.get(address)
    assert "Refresh" not in trainer_client.response.headers
    link = page.select_one("a[href$='.zip']")["href"]
    answer = trainer_client.raw.get(link)
    assert answer.data[:2] == b"PK" and int(answer.headers["Content-Length"]) == len(answer.data)
    assert other_trainer_client.raw.get(link).status_code == 404


def test_the_page_of_a_zip_file_that_is_given_up_says_so_and_asks_no_more(app, site, clock, trainer_client, one):
    account = make_account(site, "tuuli@north.example", networks=("north",))
    job_id = request_zip(site.store, account, [one.id], site.now())
    press = Press()
    press.broken = True
    object.__setattr__(site.renderer, "render", press.render)
    tired = app.extensions["course_worker"]
    with site.store.writing() as session:
        task = session.scalars(select(Task).where(Task.kind == CERTIFICATE_ZIP)).one()
        task.tries = len(WAITS)
    assert tired.run_due() == (0, 1)
    page = trainer_client.get(f"/en/jobs/{job_id}/")
    assert "Refresh" not in trainer_client.response.headers
    said = text_of(page.select_one(".notice.warn"))
    assert "could not be made" in said and "the press is broken" in said and "not tried again" in said
