"""Who studied an earlier edition is told what changed, reads it, and is not told again."""

from __future__ import annotations

from sqlalchemy import update

from course.storage.tables import LessonDone

ADDRESS = "/en/progress/changed/"


def study(client, site, edition: str) -> None:
    """Read the page about leaves, under an edition."""
    client.submit(client.get("/en/modules/tea/leaves/"), "form[action$='/done']")
    with site.store.writing() as session:
        session.execute(update(LessonDone).values(edition=edition))


def test_the_front_page_and_the_progress_lead_to_what_changed_until_it_is_read(client, site):
    study(client, site, "2029.1")
    for address in ("/en/", "/en/progress/"):
        line = client.get(address).select_one(f"a[href='{ADDRESS}']").parent.get_text(" ", strip=True)
        assert line.startswith("1 section, 1 min"), line
    page = client.get(ADDRESS)
    assert page.select_one("main h2").get_text() == "Edition 2030.1, 22 November 2026"
    assert "no longer for three" in page.select_one("main .text").get_text()
    assert page.select_one("main a[href='/en/modules/tea/leaves/#let-it-steep']")
    after = client.submit(page, "main form")
    assert "You have read these changes" in after.select_one("main").get_text()
    for address in ("/en/", "/en/progress/"):
        assert not client.get(address).select(f"main a[href='{ADDRESS}']")


def test_the_front_page_kept_by_the_browser_is_asked_anew_when_the_changes_are_read(client, site):
    study(client, site, "2029.1")
    client.get("/en/")
    tag = client.response.headers["ETag"]
    client.submit(client.get(ADDRESS), "main form")
    client.get("/en/")
    assert client.response.headers["ETag"] != tag


def test_who_studied_this_edition_or_nothing_is_told_nothing(client, another_client, site):
    assert "Nothing to read again" in client.get(ADDRESS).select_one("main").get_text()
    study(another_client, site, "2030.1")
    assert not another_client.get("/en/").select(f"main a[href='{ADDRESS}']")
    assert not another_client.get(ADDRESS).select("main form")


def test_the_words_are_there_in_three_languages(client, site):
    study(client, site, "2029.1")
    said = {lang: client.get(f"/{lang}/progress/changed/").select_one("main .text").get_text() for lang in ("fi", "sv")}
    assert "ei enää kolmea" in said["fi"] and "inte längre i tre" in said["sv"]
