"""An administrator looks after people; people look after their own accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from course.storage.accounts import by_id
from course.storage.tables import Account, Task
from tests.staff_fixtures import make_account, sign_in
from tests.strict_client import StrictClient
from tests.web.accounts_journeys import PASSWORD, begin, invite, join_by_invitation, link_in, mails_to

IIDA = "iida@north.example"
TUULI = "tuuli@north.example"


def account(site, email: str):
    with site.store.reading() as connection:
        return by_id(connection, make_account(site, email))


def test_the_list_shows_who_has_a_role_and_how_far_the_invitation_is(admin_client, trainer_client, client, site):
    make_account(site, "learner@kela.example")
    invite(admin_client, IIDA)
    page = admin_client.get("/en/admin/people/")
    rows = {
        row.th.get_text(): [cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("tbody tr")
    }
    assert rows["Iida Invited"][:4] == [IIDA, "Trainer", "North", "Invited"]
    assert rows["Aarne"][1] == "Administrator"
    assert "learner@kela.example" not in page.get_text()


def test_the_list_can_be_searched(admin_client, trainer_client):
    page = admin_client.get("/en/admin/people/")
    found = admin_client.get("/en/admin/people/?q=TUUL")
    assert len(page.select("tbody tr")) == 2
    assert [row.th.get_text() for row in found.select("tbody tr")] == ["Tuuli"]
    assert not admin_client.get("/en/admin/people/?q=%25").select("tbody tr")


def test_an_invitation_speaks_the_language_of_its_reader_and_says_who_sent_it(admin_client, site):
    invite(admin_client, IIDA, language="sv")
    [mail] = mails_to(site, IIDA)
    assert "/sv/account/link/" in mail["text"] and "Aarne" in mail["text"]


def test_an_invitation_without_a_role_or_with_a_network_that_is_none_is_refused(admin_client, site):
    invite(admin_client, IIDA, networks=[], status=422)
    invite(admin_client, IIDA, networks=["nowhere"], status=422)
    assert mails_to(site, IIDA) == []


def test_somebody_with_a_role_is_not_invited_over(admin_client, trainer_client, site):
    page = invite(admin_client, TUULI, networks=["south"], status=422)
    assert page.select(".error-summary a[href*='/admin/people/']")
    assert account(site, TUULI).networks == {"north"}
    assert mails_to(site, TUULI) == []


def test_a_changed_role_signs_out_and_counts_at_the_next_sign_in(admin_client, trainer_client, site):
    page = admin_client.get(f"/en/admin/people/{account(site, TUULI).id}/")
    admin_client.submit(page, "form[action$='/']", networks=["south"])
    assert account(site, TUULI).networks == {"south"}
    assert trainer_client.raw.get("/en/account/").status_code == 302


def test_a_changed_name_signs_nobody_out(admin_client, trainer_client, site):
    page = admin_client.get(f"/en/admin/people/{account(site, TUULI).id}/")
    admin_client.submit(page, "form[action$='/']", name="Tuuli T.")
    assert trainer_client.raw.get("/en/account/").status_code == 200


@pytest.mark.parametrize("button", ["disable", "sign-out", "invite"])
def test_what_an_administrator_does_to_an_account_signs_it_out_at_once(admin_client, trainer_client, site, button):
    page = admin_client.get(f"/en/admin/people/{account(site, TUULI).id}/")
    admin_client.submit(page, "form[action$='/do']", button=f"[value={button}]")
    assert trainer_client.raw.get("/en/account/").status_code == 302


def test_a_disabled_account_can_be_let_in_again(admin_client, trainer_client, site):
    address = f"/en/admin/people/{account(site, TUULI).id}/"
    page = admin_client.submit(admin_client.get(address), "form[action$='/do']", button="[value=disable]")
    assert account(site, TUULI).disabled
    admin_client.submit(page, "form[action$='/do']", button="[value=enable]")
    assert not account(site, TUULI).disabled


def test_the_only_administrator_can_neither_leave_nor_be_shut_out(admin_client, site):
    address = f"/en/admin/people/{account(site, 'aarne@office.example').id}/"
    page = admin_client.get(address)
    admin_client.submit(page, "form[action$='/do']", button="[value=disable]", status=409)
    admin_client.submit(page, "form[action$='/']", administrator=[], networks=["north"], status=409)
    assert admin_client.raw.get(address).status_code == 200


def test_of_two_administrators_one_may_leave(admin_client, signed_in_client, site):
    signed_in_client("second@office.example", administrator=True)
    page = admin_client.get(f"/en/admin/people/{account(site, 'second@office.example').id}/")
    admin_client.submit(page, "form[action$='/do']", button="[value=disable]")
    assert account(site, "second@office.example").disabled


def test_a_new_invitation_forgets_password_and_factors(admin_client, client, app, site):
    join_by_invitation(client, admin_client, site, IIDA)
    page = admin_client.get(f"/en/admin/people/{account(site, IIDA).id}/")
    admin_client.submit(page, "form[action$='/do']", button="[value=invite]")
    begin(StrictClient(app), IIDA, PASSWORD, status=422)
    StrictClient(app).get(link_in(mails_to(site, IIDA)[-1]))


def test_a_person_who_is_not_there_is_not_there(admin_client):
    admin_client.get("/en/admin/people/999999/", status=404)


# One's own account


def test_name_and_language_are_ones_own_to_change_and_the_role_is_not(trainer_client, site):
    before = account(site, TUULI)
    page = trainer_client.get("/en/account/")
    token = str(page.select_one("main [name=csrf_token]")["value"])
    planted = {
        "administrator": "y",
        "networks": ["south"],
        "email": "x@y.example",
        "disabled_at": "",
        "learner_id": "1",
    }
    trainer_client.post("/en/account/", {"csrf_token": token, "name": "  T \n T ", "language": "sv", **planted})
    after = account(site, TUULI)
    assert (after.name, after.language) == ("T T", "sv")
    kept = ("administrator", "networks", "email", "learner_id", "disabled")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_a_language_that_the_course_does_not_have_is_refused(trainer_client, site):
    page = trainer_client.get("/en/account/")
    token = str(page.select_one("main [name=csrf_token]")["value"])
    trainer_client.post("/en/account/", {"csrf_token": token, "name": "T", "language": "de"}, status=422)


def test_the_list_of_devices_names_them_and_ends_one(trainer_client, app, site):
    other = StrictClient(app)
    sign_in(other, site, account(site, TUULI).id)
    page = trainer_client.get("/en/account/")
    assert len(page.select("tbody tr")) == 2
    trainer_client.submit(page, "form:has([name=device][value]:not([value=others]))")
    assert other.raw.get("/en/account/").status_code == 302
    assert trainer_client.raw.get("/en/account/").status_code == 200


def test_the_device_of_somebody_else_cannot_be_signed_out(trainer_client, other_trainer_client, site):
    token = str(trainer_client.get("/en/account/").select_one("main [name=csrf_token]")["value"])
    with site.store.reading() as connection:
        from_others = connection.execute(select(Account.id).where(Account.email == "sanna@south.example")).scalar_one()
    for device in ("1", "2", "3", str(from_others), "x", "-1", "٣"):
        trainer_client.send("/en/account/devices", {"csrf_token": token, "device": device})
    assert other_trainer_client.raw.get("/en/account/").status_code == 200


def test_a_sign_in_ends_after_eight_hours_without_use(trainer_client, clock):
    clock.move(hours=7, minutes=59)
    assert trainer_client.raw.get("/en/account/").status_code == 200
    clock.move(hours=7, minutes=59)
    assert trainer_client.raw.get("/en/account/").status_code == 200
    clock.move(hours=8)
    assert trainer_client.raw.get("/en/account/").status_code == 302


def test_a_sign_in_ends_after_fourteen_days_in_any_case(trainer_client, clock):
    for _ in range(14 * 4 - 1):
        clock.move(hours=6)
        assert trainer_client.raw.get("/en/account/").status_code == 200
    clock.move(hours=6)
    assert trainer_client.raw.get("/en/account/").status_code == 302


def test_the_password_is_changed_with_the_one_in_use_and_the_other_devices_are_out(client, admin_client, app, site):
    join_by_invitation(client, admin_client, site, IIDA)
    other = StrictClient(app)
    sign_in(other, site, account(site, IIDA).id)
    page = client.get("/en/account/password/")
    client.submit(page, "main form", password="not this one", new_password="a bus to Kuopio", status=422)
    assert other.raw.get("/en/account/").status_code == 200
    client.submit(page, "main form", password=PASSWORD, new_password="a bus to Kuopio")
    assert other.raw.get("/en/account/").status_code == 302
    begin(StrictClient(app), IIDA, PASSWORD, status=422)
    assert "second factor" in begin(StrictClient(app), IIDA, "a bus to Kuopio").h1.get_text()


def test_new_recovery_codes_need_the_password_and_end_the_old_ones(client, admin_client, app, site):
    _, old = join_by_invitation(client, admin_client, site, IIDA)
    page = client.get("/en/account/factors/")
    client.submit(page, "main form", button="[value=codes]", password="not this one", status=422)
    new = client.submit(page, "main form", button="[value=codes]", password=PASSWORD).select(".codes code")
    assert len(new) == 10 and not {code.get_text() for code in new} & set(old)
    other = StrictClient(app)
    page = begin(other, IIDA, PASSWORD)
    other.submit(page, "main form", code=old[0], status=422)
    other.submit(page, "main form", code=new[0].get_text())


def test_a_page_for_another_role_says_so(trainer_client):
    page = trainer_client.get("/en/admin/people/", status=403)
    assert "another role" in page.h1.get_text()


def test_mails_of_accounts_carry_the_address_of_the_setting_whatever_the_request_says(client, site, signed_in_client):
    make_account(site, TUULI, networks=("north",))
    page = client.get("/en/account/code/")
    token = str(page.select_one("[name=csrf_token]")["value"])
    client.raw.post("/en/account/code/", data={"csrf_token": token, "email": TUULI}, headers={"Host": "evil.example"})
    with site.store.reading() as connection:
        texts = [str(row) for row in connection.execute(select(Task.payload)).scalars()]
    assert texts and not [text for text in texts if "evil.example" in text]
