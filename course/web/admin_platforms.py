"""The administrators' pages of learning platforms: register one, look at it, let parts of it in, turn it off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import moment, short_date
from course.domain.cohort import NAME_MAX
from course.domain.errors import NotThere
from course.domain.launch import INVITATION_LASTS
from course.domain.permission import Permission
from course.services import platforms
from course.services.platforms import Fault, TypedPlatform
from course.storage.platforms import (
    Deployment,
    StoredPlatform,
    all_platforms,
    deployments_of,
    platform_by_id,
)
from course.web.area import Route
from course.web.lti_base import own_addresses
from course.web.lti_registration import INVITATION
from course.web.pages_platforms import DeploymentLine, PlatformLine
from course.web.staff import StaffArea

HERE = "admin"
NOTHING = TypedPlatform("", "", "", "", "", "", "", "", "")
LONGEST_TYPED = 2000


class PlatformsArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin, one = Permission.ADMINISTRATOR, "/admin/platforms/<int:platform_id>"
        yield Route("/admin/platforms/", "platforms", self.show, admin)
        yield Route("/admin/platforms/invite", "invite_platform", self.invite, admin, ("POST",))
        yield Route("/admin/platforms/new", "new_platform", self.new, admin)
        yield Route("/admin/platforms/new", "add_platform", self.add, admin, ("POST",))
        yield Route(f"{one}/", "platform", self.one, admin)
        yield Route(f"{one}/", "change_platform", self.change, admin, ("POST",))
        yield Route(f"{one}/deployment", "platform_deployment", self.deployment, admin, ("POST",))
        yield Route(f"{one}/turn", "turn_platform", self.turn, admin, ("POST",))

    # All

    def show(self, lang: str, made: str = "", error: str = "", status: int = 200) -> Response:
        with self.site.store.reading() as connection:
            found = all_platforms(connection)
        return self.staff_page(
            lang,
            "admin_platforms.html",
            HERE,
            status=status,
            made=made,
            error=error,
            days=INVITATION_LASTS.days,
            name_max=NAME_MAX,
            platforms=[self._line(lang, one) for one in found],
            networks=self._networks(lang),
            urls={
                "new": self.site.url("new_platform", lang=lang),
                "invite": self.site.url("invite_platform", lang=lang),
            },
        )

    def _line(self, lang: str, one: StoredPlatform) -> PlatformLine:
        off = one.disabled_at is not None
        return PlatformLine(
            one.name,
            one.known.issuer,
            "off" if off else "done",
            self.site.say(lang, "Disabled") if off else self.site.say(lang, "Let in"),
            short_date(one.created_at, lang),
            self.site.url("platform", lang=lang, platform_id=one.id),
        )

    def _networks(self, lang: str) -> list[tuple[str, str]]:
        known = [(one.id, one.name[lang]) for one in self.site.library.networks.values()]
        return [("", self.site.say(lang, "No network")), *known]

    def invite(self, lang: str) -> Response:
        name = request.form.get("name", "").strip()
        if not name or len(name) > NAME_MAX:
            said = self.site.say(lang, "Write a name of at most %(most)s letters.", most=NAME_MAX)
            return self.show(lang, error=said, status=422)
        site = self.site
        secret = platforms.invite(site.store, site.staff, name, self._network(), now=site.now())
        return self.show(lang, made=site.outside("lti_register", **{INVITATION: secret}))

    def _network(self) -> str:
        chosen = request.form.get("network", "")
        return chosen if chosen in self.site.library.networks else ""

    # By hand

    def new(self, lang: str) -> Response:
        return self._form_page(lang, NOTHING, {})

    def add(self, lang: str) -> WerkzeugResponse:
        typed = self._typed()
        faults = platforms.faults_in(typed)
        made = None if faults else platforms.add_platform(self.site.store, self.site.staff, typed, now=self.site.now())
        if made is None:
            return self._form_page(lang, typed, faults or {"client_id": Fault.THERE_ALREADY}, status=422)
        return redirect(self.site.url("platform", lang=lang, platform_id=made), 303)

    def _typed(self, kept: StoredPlatform | None = None) -> TypedPlatform:
        def said(name: str) -> str:
            return request.form.get(name, "").strip()[:LONGEST_TYPED]

        return TypedPlatform(
            name=said("name"),
            issuer=kept.known.issuer if kept else said("issuer"),
            client_id=kept.known.client_id if kept else said("client_id"),
            auth_url=said("auth_url"),
            token_url=said("token_url"),
            jwks_url=said("jwks_url"),
            deployments=said("deployments"),
            frames=said("frames"),
            network_id=self._network(),
        )

    # One

    def _found(self, platform_id: int) -> tuple[StoredPlatform, list[Deployment]]:
        with self.site.store.reading() as connection:
            found = platform_by_id(connection, platform_id)
            deployments = deployments_of(connection, platform_id)
        if found is None:
            raise NotThere(str(platform_id))
        return found, deployments

    def one(self, lang: str, platform_id: int) -> Response:
        found, deployments = self._found(platform_id)
        known = found.known
        typed = TypedPlatform(
            found.name,
            known.issuer,
            known.client_id,
            known.auth_url,
            known.token_url,
            known.jwks_url,
            "",
            found.frames,
            found.network_id,
        )
        return self._form_page(lang, typed, {}, found, deployments)

    def change(self, lang: str, platform_id: int) -> WerkzeugResponse:
        found, deployments = self._found(platform_id)
        typed = self._typed(found)
        if faults := platforms.faults_in(typed):
            return self._form_page(lang, typed, faults, found, deployments, status=422)
        platforms.change_platform(self.site.store, self.site.staff, platform_id, typed, now=self.site.now())
        return redirect(self.site.url("platform", lang=lang, platform_id=platform_id), 303)

    def deployment(self, lang: str, platform_id: int) -> WerkzeugResponse:
        platforms.allow(
            self.site.store,
            self.site.staff,
            platform_id,
            request.form.get("deployment", "").strip(),
            allowed=bool(request.form.get("allowed")),
            now=self.site.now(),
        )
        return redirect(self.site.url("platform", lang=lang, platform_id=platform_id), 303)

    def turn(self, lang: str, platform_id: int) -> WerkzeugResponse:
        on = bool(request.form.get("on"))
        platforms.turn(self.site.store, self.site.staff, platform_id, on=on, now=self.site.now())
        return redirect(self.site.url("platform", lang=lang, platform_id=platform_id), 303)

    # The page of one

    def _form_page(
        self,
        lang: str,
        typed: TypedPlatform,
        faults: Mapping[str, Fault],
        found: StoredPlatform | None = None,
        deployments: Iterable[Deployment] = (),
        *,
        status: int = 200,
    ) -> Response:
        said = {field: self._sentence(lang, fault) for field, fault in faults.items()}
        return self.staff_page(
            lang,
            "admin_platform.html",
            HERE,
            status=status,
            title=found.name if found else self.site.say(lang, "Register a learning platform"),
            platform=found is not None,
            disabled=moment(found.disabled_at, lang) if found and found.disabled_at else "",
            ours=self._ours(lang),
            deployments=[self._deployment(lang, one) for one in deployments],
            typed=typed,
            errors={field: (sentence,) for field, sentence in said.items()},
            summary=[(f"#{field}", sentence) for field, sentence in said.items()],
            networks=self._networks(lang),
            urls=self._urls(lang, found),
        )

    def _urls(self, lang: str, found: StoredPlatform | None) -> dict[str, str]:
        site = self.site
        urls = {"all": site.url("platforms", lang=lang), "form": site.url("new_platform", lang=lang)}
        if found is not None:
            one = {"lang": lang, "platform_id": found.id}
            urls |= {
                "form": site.url("platform", **one),
                "deployment": site.url("platform_deployment", **one),
                "turn": site.url("turn_platform", **one),
            }
        return urls

    def _ours(self, lang: str) -> list[tuple[str, tuple[str, ...]]]:
        say, own = self.site.say, own_addresses(self.site)
        return [
            (say(lang, "Tool URL"), (own.launch,)),
            (say(lang, "Public keyset URL"), (own.keys,)),
            (say(lang, "Initiate login URL"), (own.login,)),
            (say(lang, "Redirection URIs"), (own.launch, own.deep_link)),
            (say(lang, "Content selection URL"), (own.deep_link,)),
        ]

    def _deployment(self, lang: str, one: Deployment) -> DeploymentLine:
        allowed = one.allowed_at is not None
        return DeploymentLine(
            one.id,
            "done" if allowed else "late",
            self.site.say(lang, "Allowed") if allowed else self.site.say(lang, "Waits to be allowed"),
            moment(one.asked_at, lang),
            allowed,
        )

    def _sentence(self, lang: str, fault: Fault) -> str:
        say = self.site.say
        return {
            Fault.MISSING: say(lang, "Fill this in; the platform shows it."),
            Fault.TOO_LONG: say(lang, "This is too long."),
            Fault.NOT_SAFE: say(lang, "Write a whole address that begins with https://."),
            Fault.THERE_ALREADY: say(lang, "A platform with this ID and client ID is registered already."),
        }[fault]
