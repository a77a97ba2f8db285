"""What the pages of trainers and administrators share: their menu, and how such a page is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response

from course.domain.permission import Permission, Staff
from course.web.area import Area


@dataclass(frozen=True, slots=True)
class MenuEntry:
    #: The endpoint of the page, which takes a language and nothing else.
    endpoint: str
    label: str
    permission: Permission


def menu(say: Callable[[str], str]) -> tuple[MenuEntry, ...]:
    """The menu of the staff pages, in order. Each area adds its entry here; who may not use one does not see it.

    An entry whose pages are not mounted (accounts, in a host) is left out.
    """
    return (
        MenuEntry("trainer", say("Groups"), Permission.COHORT),
        MenuEntry("sessions", say("Sessions"), Permission.TRAINER),
        MenuEntry("trainer_reach", say("Reach"), Permission.TRAINER),
        MenuEntry("counts", say("Counts"), Permission.TRAINER),
        MenuEntry("items", say("Questions"), Permission.ADMINISTRATOR),
        MenuEntry("admin_certificates", say("Certificates"), Permission.ADMINISTRATOR),
        MenuEntry("people", say("People"), Permission.ADMINISTRATOR),
        MenuEntry("admin", say("Administration"), Permission.ADMINISTRATOR),
        MenuEntry("account", say("My account"), Permission.ACCOUNT),
    )


@dataclass(frozen=True, slots=True)
class MenuLink:
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class StaffFrame:
    """What a staff page has around it, beside what every page has."""

    name: str
    menu: tuple[MenuLink, ...]
    #: Empty in a host, which has a sign-out of its own.
    sign_out_url: str
    #: The token of the page's forms.
    csrf: str
    style: str


class StaffArea(Area):
    """Base of the areas behind the sign-in. `self.site.staff` is who is signed in."""

    def staff_page(self, language: str, template: str, here: str = "", *, status: int = 200, **values: Any) -> Response:
        """A page made from a template that extends staff.html. `here` is the endpoint of the current menu entry."""
        frame = self._staff_frame(language, here)
        return self.page(language, template, status=status, staff=frame, csrf=frame.csrf, **values)

    def _staff_frame(self, language: str, here: str) -> StaffFrame:
        staff = self.site.staff
        return StaffFrame(
            name=staff.name,
            menu=self.menu_links(language, staff, here),
            # Who came by a launch leaves by closing the platform's page.
            sign_out_url=self.site.url("sign_out", lang=language)
            if self.site.has("sign_out") and not staff.launched
            else "",
            csrf=self.csrf(),
            style=self.asset_url("staff.css"),
        )

    def menu_links(self, language: str, staff: Staff, here: str = "") -> tuple[MenuLink, ...]:
        """The entries that this person may use."""
        entries = menu(lambda text: self.site.say(language, text))
        return tuple(
            MenuLink(entry.label, self.site.url(entry.endpoint, lang=language), entry.endpoint == here)
            for entry in entries
            if staff.may(entry.permission) and self.site.has(entry.endpoint)
        )
