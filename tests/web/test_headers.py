"""Every answer tells the browser what it may do, and who may keep it."""

from __future__ import annotations

import pytest
from flask import Response

from tests.web.journeys import READ, hand_in, pass_course, right_answers, save_one, start_quiz

OF_PAGES = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def faults(answer) -> list[str]:
    """What is missing in an answer of ours, as sentences."""
    found = [f"{name} is not {value}" for name, value in OF_PAGES.items() if answer.headers.getlist(name) != [value]]
    policies = answer.headers.getlist("Content-Security-Policy")
    if len(policies) != 1 or "default-src 'none'" not in policies[0] or "unsafe" in policies[0]:
        found.append(f"the content security policy is {policies}")
    if "frame-ancestors 'none'" not in "".join(policies):
        found.append("other sites may frame it")
    if not answer.headers.get("Permissions-Policy"):
        found.append("there is no permissions policy")
    if not answer.headers.get("Cache-Control"):
        found.append("nothing says who may keep it")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("it names the program")
    return found


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fi/", 200),
        ("/fi/modules/tea/water/", 200),
        ("/fi/modules/tea/quiz/", 200),
        ("/", 302),
        ("/verify/?code=x", 302),
        ("/verify/NOT-ONE", 404),
        ("/fi/modules/none/", 404),
        ("/nowhere", 404),
        ("/fi", 308),
        ("/fi/modules/tea/water/done", 405),
        ("/resume/none", 410),
        ("/healthz", 200),
        ("/readyz", 200),
    ],
)
def test_every_kind_of_answer_carries_the_headers_of_a_page(client, address, status):
    answer = client.raw.get(address)
    assert answer.status_code == status
    assert faults(answer) == []


def test_the_check_finds_an_answer_without_them():
    assert len(faults(Response("bare"))) > 4


def test_an_unexpected_error_carries_them_too(app):
    @app.get("/fault")
    def fault() -> str:
        raise ValueError

    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    assert faults(answer) == []


def test_a_page_that_was_not_sent_again_carries_them(client):
    tag = client.raw.get("/fi/").headers["ETag"]
    answer = client.raw.get("/fi/", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert faults(answer) == []


def test_the_certificate_and_the_answers_to_the_script_carry_them(client, library):
    page = start_quiz(client, "tea")
    question = library.quiz("tea").question(page.select_one("[data-question]")["data-question"])
    saved = save_one(client, page, question, question.correct)
    assert saved.is_json
    assert faults(saved) == []
    assert saved.headers["Cache-Control"] == "no-store"
    pass_course(client, library)
    page = client.submit(client.get("/fi/certificate/"), name="Aino")
    pdf = client.raw.get(page.select_one("a[href$='.pdf']")["href"])
    assert pdf.mimetype == "application/pdf"
    assert faults(pdf) == []
    assert pdf.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["course.css", "app.js", "icon.svg", "fonts/polku-sans-latin-wght.woff2"])
def test_files_of_the_pages_are_kept_for_ever_and_not_sniffed(client, site, name):
    answer = client.raw.get(f"/assets/{site.assets.names[name]}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "address",
    ["/fi/progress/", "/sv/certificate/", "/en/modules/tea/quiz/", "/verify/", "/fi/modules/tea/quiz/attempts/1/"],
)
def test_personal_pages_and_pages_of_an_attempt_are_kept_nowhere(client, library, address):
    page = start_quiz(client, "tea")
    assert client.response.headers["Cache-Control"] == "no-store"
    hand_in(client, page, right_answers(page, library, "tea"))
    start_quiz(client, "bread")
    answer = client.raw.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/fi/", "/fi/modules/tea/", "/fi/modules/tea/water/", "/fi/handbook/"])
def test_pages_of_the_content_are_kept_by_the_browser_only_and_asked_about_every_time(client, address):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    answer = client.raw.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


@pytest.mark.parametrize("address", ["/fi/", "/fi/modules/tea/water/", "/fi/modules/tea/quiz/"])
def test_a_page_is_the_same_with_and_without_compression(client, address):
    plain = client.raw.get(address)
    packed = client.raw.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data) / 2
