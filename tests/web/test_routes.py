"""Every address states who may use it, and the addresses that others rely on are there."""

from __future__ import annotations

import pytest

from course.domain.permission import Permission
from course.web.area import Route
from tests.web.journeys import READ, pass_course


def test_every_address_states_who_may_use_it(app):
    stated = {(address, methods): permission for address, methods, permission in app.extensions["course_routes"]}
    for rule in app.url_map.iter_rules():
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        assert stated[rule.rule, methods] in set(Permission), rule
    assert len(stated) == len(list(app.url_map.iter_rules()))


def test_a_route_without_a_permission_cannot_be_made():
    with pytest.raises(TypeError, match="permission"):
        Route("/page/", "page", lambda: "")  # type: ignore[call-arg]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/modules/tea/",
        "/modules/tea/water/",
        "/modules/tea/quiz/",
        "/handbook/",
        "/glossary/",
        "/contacts/",
        "/progress/",
        "/certificate/",
        "/accessibility/",
        "/privacy/",
    ],
)
def test_the_addresses_that_others_rely_on_answer_in_every_language(client, language, address):
    page = client.get(f"/{language}{address}")
    assert page.html["lang"] == language


@pytest.mark.parametrize("address", ["/verify/", "/healthz", "/readyz"])
def test_the_addresses_without_a_language_answer(client, address):
    assert client.raw.get(address).status_code == 200


def test_the_front_door_leads_to_a_language(client):
    assert client.raw.get("/").location == "/fi/"


def test_the_front_door_leads_to_the_language_used_last(client):
    client.submit(client.get("/sv/modules/tea/water/"), READ)
    assert client.raw.get("/", headers={"Accept-Language": "en"}).location == "/sv/"


def test_readiness_says_what_the_site_stands_on(client):
    answer = client.raw.get("/readyz").json
    assert answer["database"] == "ok" and "edition 2030.1" in answer["content"]


def test_certificates_check_codes_and_resume_links_have_their_addresses(client, library):
    pass_course(client, library)
    page = client.submit(client.get("/sv/certificate/"), name="Aino")
    file = page.select_one("a[href$='.pdf']")["href"]
    assert file.startswith("/sv/certificates/")
    code = page.select_one("a[href*='/verify/']")["href"].removeprefix("http://localhost")
    assert code.startswith("/verify/") and client.raw.get(code).status_code == 200
    made = client.submit(client.get("/fi/progress/"), "form[action$='/resume-link']")
    assert made.select_one("input[readonly]")["value"].startswith("http://localhost/resume/")


@pytest.mark.parametrize("language", ["de", "FI", "fin"])
def test_a_language_that_the_course_does_not_have_is_not_there(client, language):
    client.get(f"/{language}/", status=404)


def test_an_unknown_asset_is_not_there(client):
    assert client.raw.get("/assets/course.0000000000.css").status_code == 404
    assert client.raw.get("/assets/../extension.py").status_code == 404
