"""An administrator registers a learning platform, sees it, changes it and turns it off."""

from __future__ import annotations

from sqlalchemy import select

from course.storage.tables import AuditRow, LtiDeployment, LtiPlatform
from tests.strict_client import text_of

FIELDS = {
    "name": "Virasto",
    "issuer": "https://lms.example",
    "client_id": "kurssi",
    "auth_url": "https://lms.example/auth",
    "token_url": "https://lms.example/token",
    "jwks_url": "https://lms.example/keys",
    "deployments": "1",
}
NEW = "/en/admin/platforms/new"
FORM = "form[action$='/new']"


def test_a_platform_is_registered_by_hand_and_the_page_shows_what_it_needs_of_us(site, admin_client):
    page = admin_client.get("/en/admin/platforms/")
    assert "No platform is registered yet" in text_of(page)
    page = admin_client.submit(admin_client.get(NEW), FORM, **FIELDS, network="north")
    said = text_of(page)
    for address in ("login", "launch", "deep-link", "jwks.json"):
        assert f"http://localhost/lti/{address}" in said
    with site.store.reading() as connection:
        [row] = connection.execute(select(LtiPlatform.issuer, LtiPlatform.frames, LtiPlatform.network_id)).all()
        assert tuple(row) == ("https://lms.example", "https://lms.example", "north")
        assert connection.execute(select(LtiDeployment.deployment_id)).scalars().all() == ["1"]
        assert connection.execute(select(AuditRow.what)).scalars().all() == ["platform"]
    assert "Virasto" in text_of(admin_client.get("/en/admin/platforms/"))


def test_each_address_for_the_platform_can_be_copied_by_itself(admin_client):
    # A field of Moodle wants one address in a line; two of them copied in one piece are one address that is wrong.
    addresses = [text_of(one) for one in admin_client.get(NEW).select("dl code")]
    assert len(addresses) == 6 and all(len(one.split()) == 1 for one in addresses)


def test_what_is_wrong_with_the_form_is_said_beside_the_field(site, admin_client):
    wrong = {**FIELDS, "name": "", "auth_url": "http://lms.example/auth", "jwks_url": "lms.example", "frames": "*"}
    page = admin_client.submit(admin_client.get(NEW), FORM, status=422, **wrong)
    assert {str(link["href"]) for link in page.select(".error-summary a")} == {
        "#name",
        "#auth_url",
        "#jwks_url",
        "#frames",
    }
    assert page.select_one("#client_id")["value"] == "kurssi"
    admin_client.submit(admin_client.get(NEW), FORM, **FIELDS)
    page = admin_client.submit(admin_client.get(NEW), FORM, status=422, **FIELDS)
    assert "is registered already" in text_of(page)


def test_it_is_changed_and_turned_off_and_on_and_deployments_come_and_go(site, admin_client):
    page = admin_client.submit(admin_client.get(NEW), FORM, **FIELDS)
    address = admin_client.response.request.path
    changed = {"name": "Toinen", "frames": "https://lms.example https://learn.example/x"}
    page = admin_client.submit(page, f"form[action='{address}']", **changed)
    with site.store.reading() as connection:
        [row] = connection.execute(select(LtiPlatform.name, LtiPlatform.frames, LtiPlatform.client_id)).all()
    assert tuple(row) == ("Toinen", "https://lms.example https://learn.example", "kurssi")
    page = admin_client.submit(page, "form[action$='/turn']")
    assert "Disabled since" in text_of(page)
    page = admin_client.submit(page, "form[action$='/turn']")
    assert "Disabled since" not in text_of(page)
    page = admin_client.submit(page, "form[action$='/deployment']:not(.inline-form)", deployment="77")
    page = admin_client.submit(page, "form.inline-form:has(input[value='1'])")
    with site.store.reading() as connection:
        rows = connection.execute(select(LtiDeployment.deployment_id, LtiDeployment.allowed_at.is_not(None))).all()
    assert {(row[0], bool(row[1])) for row in rows} == {("1", False), ("77", True)}


def test_an_address_for_registration_is_shown_once(site, admin_client):
    page = admin_client.get("/en/admin/platforms/")
    page = admin_client.submit(page, "form[action$='/invite']", status=422, name=" ")
    page = admin_client.submit(page, "form[action$='/invite']", name="Virasto")
    assert "http://localhost/lti/register?invitation=" in text_of(page)
    assert "invitation=" not in text_of(admin_client.get("/en/admin/platforms/"))


def test_a_platform_that_is_not_there_is_not_there(admin_client):
    for address in ("/en/admin/platforms/9/", "/en/admin/platforms/9/turn"):
        assert admin_client.raw.get(address).status_code in (404, 405)
