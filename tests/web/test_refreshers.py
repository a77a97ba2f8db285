"""Refreshers on the pages: asked for, confirmed, answered behind the link of a mail, and stopped with one click."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from course.services.erasure import erase_learner
from course.services.register import register_of
from course.storage.tables import Account, Refresher, RefresherAnswer, RefresherRound, Task
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ, fields_for, pass_course

ASK = "form[action$='/refreshers/']"


@pytest.fixture
def outbox(app) -> Path:
    """The folder of the mails, empty at first."""
    folder = Path(app.instance_path) / "outbox" / str(id(app))
    app.extensions["course_worker"].handlers["mail"]._postman._folder = folder
    return folder


def work(app) -> None:
    with app.app_context():
        assert app.extensions["course_worker"].run_due()[1] == 0


def last_mail(folder: Path):
    """The newest mail of the folder; it is taken away."""
    [path] = folder.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    path.unlink()
    return mail


def link_in(mail, path: str) -> str:
    found = re.search(rf"http://localhost({path}[\w.-]+)", mail.get_content())
    assert found, mail.get_content()
    return found[1]


def count(site, table) -> int:
    with site.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def ask(client, library, app, outbox):
    """Complete the course and ask for refreshers; the mail that wants to be confirmed."""

    def done(language: str = "fi"):
        pass_course(client, library, language)
        client.submit(client.get(f"/{language}/refreshers/"), ASK, email=" Aino@Work.example ")
        work(app)
        return last_mail(outbox)

    return done


@pytest.fixture
def refresher(ask, another_client, app, outbox, clock):
    """The first refresher's mail."""

    def sent(language: str = "fi"):
        page = another_client.get(link_in(ask(language), "/refreshers/"))
        another_client.submit(page)
        clock.move(days=15)
        work(app)
        return last_mail(outbox)

    return sent


def test_before_a_track_is_completed_there_is_nothing_to_ask_for(client):
    client.submit(client.get("/en/modules/tea/water/"), READ)
    page = client.get("/en/refreshers/")
    assert "when you have passed all modules" in text_of(page.main) and not page.select("main form")


def test_my_progress_and_the_certificate_lead_to_the_refreshers(client, library):
    pass_course(client, library)
    assert client.get("/fi/progress/").select("a[href='/fi/refreshers/']")
    client.submit(client.get("/fi/certificate/"), name="Aino")
    assert client.get("/fi/certificate/").select("a[href='/fi/refreshers/']")


def test_a_wrong_address_is_said_and_nothing_is_kept(client, library, site):
    pass_course(client, library)
    page = client.submit(client.get("/en/refreshers/"), ASK, status=422, email="aino at work")
    assert page.select(".error-summary a[href='#email']")
    assert count(site, Refresher) == 0


def test_the_address_is_asked_first_and_a_look_at_the_link_confirms_nothing(ask, another_client, site, client):
    mail = ask("en")
    assert mail["To"] == "aino@work.example"
    page = another_client.get(link_in(mail, "/refreshers/"))
    assert "Look into your mail" in text_of(client.get("/en/refreshers/").main)
    assert another_client.submit(page).select(".notice.good")
    said = text_of(client.get("/en/refreshers/").main)
    assert "They go to a…@work.example." in said and "6.12.2026" in said.replace("6 December 2026", "6.12.2026")


def test_the_address_of_ones_own_account_needs_no_mail(client, library, site, app, outbox):
    pass_course(client, library)
    with site.store.writing() as session:
        learner = session.execute(select(func.min(Refresher.learner_id))).scalar() or 1
        session.add(Account(email="aino@work.example", language="fi", learner_id=learner, created_at=site.now()))
    page = client.submit(client.get("/en/refreshers/"), ASK, email="aino@work.example")
    assert "Refreshers are on" in text_of(page.main)
    work(app)
    assert not list(outbox.glob("*.eml"))


def test_an_address_is_written_to_three_times_a_day_at_most(client, library):
    pass_course(client, library)
    for status in (200, 200, 200, 429):
        client.submit(client.get("/en/refreshers/"), ASK, status=status, email="aino@work.example")


@pytest.mark.parametrize(("language", "words"), [("fi", "Mitä tekisit?"), ("sv", "Vad skulle du göra?")])
def test_the_mail_and_its_page_speak_the_language_of_the_learner(refresher, another_client, language, words):
    mail = refresher(language)
    assert words in mail["Subject"] and words in mail.get_content()
    page = another_client.get(link_in(mail, "/refresher/"))
    assert page.html["lang"] == language and text_of(page.h1) == words


def test_the_questions_open_without_signing_in_and_tell_why_once_answered(refresher, app, site, library):
    link = link_in(refresher("en"), "/refresher/")
    stranger = StrictClient(app)
    page = stranger.get(link)
    boxes = page.select("[data-question]")
    assert 4 <= len(boxes) <= 6
    assert not page.select(".why") and not page.select(".reviewed"), "no reason before the answer"
    questions = {one.id: one for module in library.modules for one in module.quiz.questions}
    first = questions[str(boxes[0]["data-question"])]
    page = stranger.submit(page, "main form", **fields_for(first, first.correct))
    assert len(page.select(".review.right")) == 1 and page.select(".why")
    assert len(page.select("[data-question]")) == len(boxes) - 1
    rest = {}
    for box in page.select("[data-question]"):
        question = questions[str(box["data-question"])]
        rest |= fields_for(question, question.correct)
    page = stranger.submit(page, "main form", **rest)
    assert len(page.select(".review.right")) == len(boxes) and not page.select("main form")
    assert count(site, RefresherAnswer) == len(boxes)
    assert not stranger.raw.get_cookie("learner"), "the link makes nobody a learner"


def test_looking_at_the_questions_writes_nothing(refresher, app, site):
    link = link_in(refresher(), "/refresher/")
    before = everything(site)
    for _ in range(3):
        StrictClient(app).get(link)
    assert everything(site) == before


def everything(site) -> dict[str, list[tuple[object, ...]]]:
    with site.store.reading() as connection:
        tables = (Refresher, RefresherRound, RefresherAnswer, Task)
        return {one.__tablename__: [tuple(row) for row in connection.execute(select(one.__table__))] for one in tables}


def test_a_forged_or_old_link_opens_nothing(refresher, another_client, clock):
    link = link_in(refresher(), "/refresher/")
    another_client.get(f"{link}x", status=410)
    another_client.get("/refresher/1.forged", status=410)
    clock.move(days=91)
    another_client.get(link, status=410)


def test_one_click_of_a_mail_program_stops_everything_and_forgets_the_address(
    refresher, app, site, clock, outbox, client
):
    mail = refresher("en")
    link = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert count(site, Refresher) == 0
    clock.move(days=400)
    work(app)
    assert not list(outbox.glob("*.eml"))


def test_after_asking_anew_the_stop_page_has_its_button_again(refresher, client, another_client, app, outbox, site):
    mail = refresher("en")
    stop = link_in(mail, "/stop/")
    another_client.submit(another_client.get(stop))
    assert not another_client.get(stop).select("main form")
    client.submit(client.get("/en/refreshers/"), ASK, email="aino@work.example")
    assert another_client.get(stop).select("main form")


def test_the_learner_stops_them_on_her_own_page(refresher, client, site):
    refresher()
    client.submit(client.get("/fi/refreshers/"), "form[action$='/end']")
    assert count(site, Refresher) == 0


def test_the_register_shows_them_and_erasing_takes_all_of_it(refresher, site, app, client):
    link = link_in(refresher(), "/refresher/")
    page = client.get(link)
    assert page.select("[data-question]")
    with site.store.reading() as connection:
        learner_id = connection.execute(select(Refresher.learner_id)).scalar_one()
        kept = register_of(connection, learner_id)
    assert kept["refreshers"][0]["email"] == "aino@work.example" and len(kept["refreshers sent"]) == 1
    erase_learner(site.store, learner_id, instance=site.instance, now=site.now())
    assert [count(site, one) for one in (Refresher, RefresherRound, RefresherAnswer)] == [0, 0, 0]
    with site.store.reading() as connection:
        assert "aino@work.example" not in str(connection.execute(select(Task.payload)).all())
    client.get(link, status=410)
