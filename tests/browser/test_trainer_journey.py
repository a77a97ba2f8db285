"""The main job of a trainer, in a browser: from her sign-in to the certificates of three learners on their phones."""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from course.content.library import Library
from tests.browser.driving import QUIZ, START, asked, choose_all, hand_in, pass_course, pass_quiz
from tests.browser.test_accessibility import sideways
from tests.browser.trainers import (
    PASSWORD,
    App,
    begin_sign_in,
    choose_password,
    code_on_screen,
    hours_of_now,
    link_in,
    mails_in,
    one_time_password,
    run_worker,
    set_up_app,
    sign_out,
)
from tests.browser_fixtures import LiveSite, Opener, StartSite

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "en-FI"}
ADMINISTRATOR, TRAINER, EXPECTED = "aarne@office.example", "tuuli@north.example", "olli@kela.example"
ROSTER = "Nimi;Sähköposti;Organisaatio\r\nOlli Odotettu;olli@kela.example;Kela\r\n".encode("cp1252")


@pytest.fixture(scope="module")
def training_site(start_site: StartSite, fixture_course: Path) -> LiveSite:
    """A site of its own: the mails of its worker are those of this test."""
    return start_site(fixture_course)


@pytest.fixture(scope="module")
def instance(shared_folder: Path) -> Path:
    return shared_folder / "instance"


def test_a_trainer_gathers_follows_reminds_trains_and_takes_the_certificates_of_her_group(
    open_page: Opener, training_site: LiveSite, library: Library, fixture_course: Path, instance: Path
) -> None:
    site = training_site
    trainer = open_page(locale="en-FI", viewport={"width": 1280, "height": 800}, accept_downloads=True)
    invite_trainer(open_page(locale="en-FI"), site)
    run_worker(site, fixture_course, instance)
    sign_in_with_a_second_factor(trainer, site, link_in(mails_in(instance, TRAINER)[-1], "/account/"))

    cohort = make_cohort(trainer, site)
    expect_from_a_file(trainer, cohort)
    run_worker(site, fixture_course, instance)
    personal_link = link_in(mails_in(instance, EXPECTED)[-1], "/join/person/")
    trainer.goto(cohort)
    trainer.locator("#codes-title ~ .data th a").click()
    code, link = code_on_screen(trainer), trainer.locator("main small").inner_text()
    expect(trainer.locator(".qr.big svg")).to_be_visible()

    aino, pia, olli = (open_page(**PHONE) for _ in range(3))
    join_by_typing(aino, site, code, "Aino Äijälä")
    join_by_address(pia, link, "=Pia")
    join_by_address(olli, personal_link, "")
    study_by_hand(aino, site, library)
    pass_course(pia.context, site.url, library, "en")
    pass_quiz(olli.context, site.url, library, "en", library.modules[0].id)
    for phone, name in ((aino, "Aino Äijälä"), (pia, "Pia Pulkkinen")):
        make_certificate(phone, site, name)

    sees_who_is_done(trainer, cohort)
    reminds_the_one_who_is_not(trainer, cohort)
    run_worker(site, fixture_course, instance)
    reminders = mails_in(instance, EXPECTED)[1:]
    assert len(reminders) == 1 and "/stop/" in reminders[0] and "Group of the north" in reminders[0]

    session = makes_a_session(trainer, cohort)
    trainer.locator("a[href$='/attendance/']").click()
    attends(aino, site, code_on_screen(trainer))
    trainer.goto(session)
    expect(trainer.locator("#attendance-title ~ .data tbody th")).to_have_text("Aino Äijälä")

    downloads_the_list(trainer, cohort)
    downloads_the_certificates(trainer, cohort, site, fixture_course, instance)


# The way in


def invite_trainer(page: Page, site: LiveSite) -> None:
    """An administrator with a second factor of her own invites the trainer."""
    begin_sign_in(page, site, ADMINISTRATOR, one_time_password(site, ADMINISTRATOR))
    choose_password(page)
    set_up_app(page)
    page.goto(f"{site.url}/en/admin/people/invite/")
    page.locator("#email").fill(TRAINER)
    page.locator("#name").fill("Tuuli Tuulonen")
    page.locator("[name=networks][value=north]").check()
    page.locator("#language").select_option("en")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text(TRAINER)


def sign_in_with_a_second_factor(page: Page, site: LiveSite, link: str) -> None:
    """The invited trainer chooses a password and an app; another day she signs in with both."""
    page.goto(link)
    page.locator("main form button").click()
    choose_password(page)
    app: App = set_up_app(page)
    page.goto(f"{site.url}/en/account/")
    sign_out(page)
    begin_sign_in(page, site, TRAINER, PASSWORD)
    expect(page.locator(".staff-nav")).to_have_count(0)
    page.locator("#code").fill(app.code())
    page.locator("#code").press("Enter")
    expect(page.locator(".staff-nav")).to_be_visible()


# The group


def make_cohort(page: Page, site: LiveSite) -> str:
    """The address of a new cohort, from the menu."""
    page.locator(".staff-nav a[href$='/trainer/']").click()
    page.locator("main a[href$='/cohorts/new']").first.click()
    page.locator("#name").fill("Group of the north")
    page.locator("#track").select_option("core")
    page.locator("main form .buttons button").click()
    expect(page).to_have_url(re.compile(r"/en/trainer/cohorts/\d+/$"))
    return page.url


def expect_from_a_file(page: Page, cohort: str) -> None:
    """A roster as a Finnish Excel saves it: shown as a plan, done, and the invitations sent."""
    page.goto(cohort)
    page.locator("main a[href$='/roster/']").click()
    page.locator("#file").set_input_files({"name": "lista.csv", "mimeType": "text/csv", "buffer": ROSTER})
    page.locator("form[enctype] button").click()
    expect(page.locator("#changes-title ~ .data")).to_contain_text("Olli Odotettu")
    page.locator("form[action$='/apply'] button").click()
    page.locator(".eyebrow a").click()
    page.locator("form[action$='/invitations'] button").click()
    expect(page.locator("#invite-title")).to_have_count(0)


def join_by_typing(page: Page, site: LiveSite, code: str, name: str) -> None:
    page.goto(f"{site.url}/join/")
    page.locator("#code").fill(code.lower())
    page.locator("main form button").click()
    join(page, name)


def join_by_address(page: Page, address: str, name: str) -> None:
    """As the QR code or the personal link leads. Without a name the one on the roster stays."""
    page.goto(address)
    join(page, name)


def join(page: Page, name: str) -> None:
    expect(page.locator("main")).to_contain_text("They never see your answers or your notes.")
    assert sideways(page) == ""
    if name:
        page.locator("#name").fill(name)
    page.locator("main form .buttons button").click()
    expect(page.locator("#groups-title ~ .certificate-card h3")).to_have_text("Group of the north")


# Studying


def study_by_hand(page: Page, site: LiveSite, library: Library) -> None:
    """Every page read, every quiz taken, by touch."""
    for module in library.modules:
        for lesson_id in module.lesson_ids:
            lesson = f"{site.url}/en/modules/{module.id}/{lesson_id}/"
            page.goto(lesson)
            page.locator(".actions form button").tap()
            expect(page).not_to_have_url(lesson)
        page.goto(f"{site.url}/en/modules/{module.id}/quiz/")
        page.locator(START).tap()
        expect(page.locator(QUIZ)).to_be_visible()
        choose_all(page, asked(page, library, module.id))
        hand_in(page)
        expect(page.locator(".result.passed")).to_be_visible()


def make_certificate(page: Page, site: LiveSite, name: str) -> None:
    page.goto(f"{site.url}/en/certificate/")
    page.locator("[name=name]").fill(name)
    page.locator("main form button").tap()
    expect(page.locator(".certificate-card dd").first).to_have_text(name)


# Following


def sees_who_is_done(page: Page, cohort: str) -> None:
    page.goto(cohort)
    rows = page.locator("#members-title ~ .data tbody tr")
    expect(rows).to_have_count(3)
    for name, done in (("Aino Äijälä", "✓ 2/2"), ("=Pia", "✓ 2/2"), ("Olli Odotettu", "– 1/2")):
        expect(rows.filter(has_text=name).locator("td").first).to_have_text(done)


def reminds_the_one_who_is_not(page: Page, cohort: str) -> None:
    page.goto(cohort)
    page.locator("main a[href$='/reminder/']").click()
    expect(page.locator("main .lead")).to_contain_text("1 member")
    expect(page.locator("#letter-title ~ .panel")).to_contain_text("Group of the north")
    page.locator("#letter-title ~ form button").click()
    expect(page.locator("#sent-title ~ .data tbody tr")).to_have_count(1)


def makes_a_session(page: Page, cohort: str) -> str:
    """The address of a session that is going on now, begun from the group's page."""
    page.goto(cohort)
    page.locator("main a[href*='/sessions/new']").click()
    day, begins, ends = hours_of_now()
    for field, value in {"title": "Half a day", "day": day, "begins": begins, "ends": ends, "place": "Room 1"}.items():
        page.locator(f"#{field}").fill(value)
    page.locator("[name=topics]").first.check()
    page.locator("main form .buttons button").click()
    expect(page).to_have_url(re.compile(r"/en/trainer/sessions/\d+/$"))
    return page.url


def attends(page: Page, site: LiveSite, code: str) -> None:
    page.goto(f"{site.url}/attend/")
    page.locator("#code").fill(code)
    page.locator("main form button").tap()
    expect(page.locator("main")).to_contain_text("you need no account")
    page.locator("[name=name]").fill("Aino Äijälä")
    page.locator("main form button").tap()
    expect(page.locator(".notice.good")).to_be_visible()


# Files


def downloads_the_list(page: Page, cohort: str) -> None:
    page.goto(cohort)
    table = list(csv.reader(StringIO(downloaded(page, "a[href*='members.csv']").decode("utf-8-sig")), delimiter=";"))
    names = {row[0] for row in table[1:]}
    # A name that begins like a formula is text in every program.
    assert names == {"Aino Äijälä", "'=Pia", "Olli Odotettu"}
    sheet = load_workbook(BytesIO(downloaded(page, "a[href*='members.xlsx']"))).active
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} >= {"Aino Äijälä", "Olli Odotettu"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def downloads_the_certificates(page: Page, cohort: str, site: LiveSite, content: Path, instance: Path) -> None:
    page.goto(cohort)
    page.locator("form[action$='/certificates'] button").click()
    expect(page.locator("main progress")).to_be_visible()
    run_worker(site, content, instance)
    # The page asks again by itself.
    file = page.locator("main a[href$='.zip']")
    expect(file).to_be_visible(timeout=10_000)
    with zipfile.ZipFile(BytesIO(downloaded(page, "main a[href$='.zip']"))) as archive:
        assert len(archive.namelist()) == 2
        assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as found:
        page.locator(link).click()
    return found.value.path().read_bytes()
