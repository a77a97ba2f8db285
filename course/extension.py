"""The only place where the parts meet: the course mounted in a Flask application, ours or somebody else's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from course.cli import COURSE, add_commands
from course.content.findings import ContentError
from course.content.folders import certificate_folder, content_root
from course.content.loading import load
from course.content.question_version import QuestionVersions
from course.content.search.finders import finders_of
from course.domain.errors import CourseError
from course.domain.retention import periods_from
from course.exports.certificate_pdf import letters_without_font
from course.exports.certificate_preview import Previews
from course.exports.certificate_template import FONTS, Templates
from course.exports.rendering_process import CheckingProcess, RenderingProcess
from course.exports.xapi_statements import StatementMaker
from course.mounting import COURSES, settings_of, store_of
from course.services.book_files import BOOK_FILE, BookHandler
from course.services.books import BookMaker
from course.services.certificate_files import CERTIFICATE_FILE, CertificateFileHandler, CertificateRenderer
from course.services.certificate_zip import CERTIFICATE_ZIP, CertificateZipHandler
from course.services.counts import close_months
from course.services.host_reports import host_handlers
from course.services.learning_records import HttpTeller, RecordStore, record_handlers
from course.services.mail import MAIL, MailHandler, postman_for
from course.services.oidc import provider_of
from course.services.packages import PackageMaker
from course.services.refreshers import REFRESHER, RefresherHandler
from course.services.reminder_schedule import DUE_REMINDER
from course.services.reminders import DueReminderHandler
from course.services.retention import RETENTION, RetentionHandler
from course.services.session_kits import SESSION_KIT, KitHandler, KitMaker
from course.services.work import Handler, Worker
from course.settings import make_instance_settings, read_settings, signing_settings
from course.web.area import LARGEST_REQUEST, Route
from course.web.areas import areas_of
from course.web.assets import STATIC, assets_of_pages
from course.web.count_words import count_words
from course.web.errors import ErrorPages
from course.web.guard import SignInNeeded, StaleForm, guard_request
from course.web.headers import secure
from course.web.identity import (
    COOKIE,
    HostStaff,
    Identity,
    LearnerCookie,
    LearnerOfHost,
    LearnerOfRequest,
    NoStaff,
    StaffIdentity,
    StaffOfHost,
)
from course.web.launch_cookie import LearnerOfLaunch, LetsPlatformsFrame
from course.web.quick_counts import AnswersCounts
from course.web.quick_lesson import ServesLessons
from course.web.quick_quiz import TakesQuizzes
from course.web.quick_save import SavesAnswers
from course.web.refreshers import refresher_site
from course.web.register_letters import keeping_of
from course.web.reminders import reminder_site
from course.web.sign_in_cookie import SignInCookie
from course.web.site import Site, build_of
from course.web.templates import HostLook, make_environments
from course.web.translations import read_catalogues
from course.web.unchanged import AnswersUnchanged, unchanged


def utc_now() -> datetime:
    return datetime.now(UTC)


class Course:
    """The course, mounted in a Flask application."""

    def __init__(
        self,
        app: Flask | None = None,
        *,
        url_prefix: str = "",
        name: str = COURSE,
        settings: Mapping[str, object] | None = None,
        renderer: CertificateRenderer | None = None,
        now: Callable[[], datetime] = utc_now,
        staff: HostStaff | None = None,
        learner: LearnerOfRequest | None = None,
        look: HostLook | None = None,
    ) -> None:
        """What a host hands over: see docs/host.md. Without `app`, it is mounted by `init_app`.

        `name` tells several courses in one application apart, and `settings` (COURSE_…) are those of this one. `staff`
        and `learner` tell the host's signed-in user; `look` is what the host puts around the pages.
        """
        self._name = name
        self._settings = dict(settings or {})
        self._renderer = renderer
        self._now = now
        self._staff: StaffIdentity = StaffOfHost(staff) if staff else NoStaff()
        self._learner = learner
        self._look = look
        if app is not None:
            self.init_app(app, url_prefix=url_prefix)

    def init_app(self, app: Flask, *, url_prefix: str = "", own_accounts: bool = False) -> Site:
        """Register the pages below `url_prefix`. A database and a sign-in of the application are used, not doubled.

        `own_accounts` is for the stand-alone site: it has a sign-in of its own.
        """
        name = self._name
        settings = settings_of(app, name, self._settings)
        add_commands(app, name)
        site = self._site(app, settings, url_prefix, own_accounts=own_accounts)
        app.register_blueprint(_blueprint(site, name, own_accounts=own_accounts), url_prefix=url_prefix or None)
        if own_accounts:
            _serve_alone(app, site)
        app.extensions[name] = app.extensions.setdefault(COURSES, {})[name] = site
        app.extensions[f"{name}_settings"] = settings
        app.extensions[f"{name}_books"] = _books(settings, site)
        app.extensions[f"{name}_kits"] = kits = _kits(settings, site)
        app.extensions[f"{name}_packages"] = PackageMaker(site.library, STATIC, site.say, site.exit_url)
        app.extensions[f"{name}_count_words"] = lambda lang: count_words(site, lang)
        app.extensions[f"{name}_worker"] = _worker(app, settings, site, kits)
        app.extensions[f"{name}_routes"] = _listed(app, site)
        return site

    def _identity(self, name: str, *, secure: bool, own_accounts: bool) -> Identity:
        cookie = COOKIE if name == COURSE else f"{COOKIE}-{name}"
        if own_accounts:
            return LearnerOfLaunch(secure=secure, name=cookie)
        if self._learner is not None:
            return LearnerOfHost(self._learner, secure=secure, name=cookie)
        return LearnerCookie(secure=secure, name=cookie)

    def _site(self, app: Flask, settings: Mapping[str, Any], url_prefix: str, *, own_accounts: bool) -> Site:
        name, instance = self._name, Path(settings["COURSE_INSTANCE_DIR"])
        root = content_root(settings["COURSE_CONTENT_DIR"] or None)
        instance.mkdir(parents=True, exist_ok=True)
        library = load(root, keep=instance / "library.json")
        catalogues = read_catalogues(library.languages)
        store = store_of(app, name, self._settings)
        templates = Templates(
            certificate_folder(root, settings["COURSE_CERTIFICATE"]),
            {track.id: certificate_folder(root, track.certificate) for track in library.tracks if track.certificate},
        )
        base_url = settings["COURSE_BASE_URL"].rstrip("/")
        signing = signing_settings(settings, instance)
        # The badges' issuer is the course where it is mounted, and not the host around it.
        signing = replace(signing, base_url=base_url + url_prefix.rstrip("/"))
        secure_cookies = base_url.startswith("https://")
        return Site(
            name=name,
            library=library,
            finders=finders_of(library, keep=instance / "search.json"),
            versions=QuestionVersions(library),
            store=store,
            identity=self._identity(name, secure=secure_cookies, own_accounts=own_accounts),
            staff_identity=SignInCookie(secure=secure_cookies) if own_accounts else self._staff,
            renderer=self._renderer or RenderingProcess(templates, signing),
            checker=CheckingProcess(signing),
            previews=Previews(root / "certificates", content_root() / "certificates"),
            certificate_templates=templates,
            signing=signing,
            unprintable=lambda name: letters_without_font(name, templates),
            environments=make_environments(catalogues, self._look.templates if self._look else None),
            catalogues=catalogues,
            assets=assets_of_pages(),
            secret_key=settings["SECRET_KEY"],
            instance=instance,
            periods=periods_from(str(settings["COURSE_KEEP"])),
            base_url=base_url,
            exit_url=settings["COURSE_EXIT_URL"],
            now=self._now,
            oidc=provider_of(settings["COURSE_OIDC_URL"]) if own_accounts else None,
            small_count=int(settings["COURSE_SMALL_COUNT"]),
            record_store=RecordStore.of(lrs).host if (lrs := str(settings["COURSE_LRS_URL"])) else "",
            build=build_of(library, settings) + ("" if name == COURSE else f"-{name}"),
            look=self._look,
        )


def _books(settings: Mapping[str, Any], site: Site) -> BookMaker:
    """What makes the handbook and the cards, for the worker and the commands."""
    root = content_root(settings["COURSE_CONTENT_DIR"] or None)
    return BookMaker(root, site.library, site.certificate_templates.default.parent / FONTS, site.say)


def _kits(settings: Mapping[str, Any], site: Site) -> KitMaker:
    """What makes session kits, for the worker and the command."""
    root = content_root(settings["COURSE_CONTENT_DIR"] or None)
    return KitMaker(root, site.library, site.certificate_templates.default.parent / FONTS, site.say)


def _worker(app: Flask, settings: Mapping[str, Any], site: Site, kits: KitMaker) -> Worker:
    """What each kind of task in the outbox does."""
    postman = postman_for(settings["COURSE_MAIL_URL"], site.instance)
    handlers: dict[str, Handler] = {
        MAIL: MailHandler(postman, settings["COURSE_MAIL_FROM"]),
        CERTIFICATE_FILE: CertificateFileHandler(site.store, site.renderer, site.now),
        CERTIFICATE_ZIP: CertificateZipHandler(site.store, site.renderer, site.now),
        RETENTION: _with_addresses(app, _daily(site, RetentionHandler(keeping_of(site), site.now))),
        BOOK_FILE: BookHandler(site.store, site.library, _books(settings, site), site.now),
        SESSION_KIT: KitHandler(site.store, site.library, kits, site.now),
        **host_handlers(site.store, site.library, site.signing.folder, site.now),
        DUE_REMINDER: _with_addresses(app, DueReminderHandler(site.store, reminder_site(site), site.now)),
        REFRESHER: _with_addresses(app, RefresherHandler(refresher_site(site), site.now)),
        **_record_handlers(settings, site),
    }
    return Worker(site.store, handlers, site.now)


def _record_handlers(settings: Mapping[str, Any], site: Site) -> dict[str, Handler]:
    """Those that tell a learning record store; none without one."""
    if not site.record_store:
        return {}
    home = f"{site.signing.base_url}/"
    teller = HttpTeller(RecordStore.of(str(settings["COURSE_LRS_URL"])))
    maker = StatementMaker(site.library, home, site.secret_key)
    return record_handlers(site.store, maker, teller, site.instance, site.now)


def _daily(site: Site, handler: Handler) -> Handler:
    """A month that is over is published with the day's other work, so that nobody's page waits for it."""

    def handle(payload: Mapping[str, Any]) -> None:
        close_months(site.store, key=site.counts_key, small=site.small_count, now=site.now())
        handler(payload)

    return handle


def _with_addresses(app: Flask, handler: Handler) -> Handler:
    """A letter carries addresses of pages, and those are the application's."""

    def handle(payload: Mapping[str, Any]) -> None:
        with app.app_context():
            handler(payload)

    return handle


def _login_manager(app: Flask, site: Site) -> None:
    manager = LoginManager(app)
    # The record is found by its own cookie; Flask's session plays no part in it.
    manager.session_protection = None
    manager.request_loader(lambda _request: site.visitor())


def _listed(app: Flask, site: Site) -> list[tuple[str, str, str]]:
    """(address, methods, permission) of every page: what `course routes` prints and the tests go through."""
    permissions = {route.endpoint: route.permission for area in areas_of(site) for route in area.routes()}
    found = []
    for rule in app.url_map.iter_rules():
        mount, _, endpoint = rule.endpoint.rpartition(".")
        if mount == site.name:
            methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            found.append((rule.rule, methods, permissions[endpoint].value))
    return sorted(found)


def _serve_alone(app: Flask, site: Site) -> None:
    """What only a site of our own has: a host's sign-in is its own, and its gatekeepers must see every request."""
    _login_manager(app, site)
    app.wsgi_app = AnswersUnchanged(  # type: ignore[method-assign]
        app.wsgi_app, store=site.store, identity=site.identity, build=site.build, now=site.now
    )


def _blueprint(site: Site, name: str, *, own_accounts: bool) -> Blueprint:
    blueprint = Blueprint(name, __name__)
    for area in areas_of(site):
        for route in area.routes():
            _add(blueprint, site, route)
    pages = ErrorPages(site)
    for error, show in _handlers(pages):
        blueprint.register_error_handler(error, show)
    routes = {f"{name}.{route.endpoint}": route for area in areas_of(site) for route in area.routes()}

    @blueprint.before_request
    def refuse_what_may_not_be() -> Response | None:
        route = routes.get(str(request.endpoint))
        request.max_content_length = route.largest if route else LARGEST_REQUEST
        guard_request(site, route.permission if route else None)
        return None if own_accounts else unchanged(site)

    @blueprint.after_request
    def say_what_browsers_may_do(response: Response) -> Response:
        secure(response, https=site.https)
        return response

    return blueprint


def _add(blueprint: Blueprint, site: Site, route: Route) -> None:
    languages = ",".join(site.library.languages)
    rule = route.rule[1:] if route.rule.startswith("//") else f"/<any({languages}):lang>{route.rule}"
    blueprint.add_url_rule(rule, route.endpoint, route.view, methods=list(route.methods))


def _handlers(pages: ErrorPages) -> list[tuple[type[Exception], Callable[..., Any]]]:
    return [
        (CourseError, pages.show_course_error),
        (StaleForm, pages.show_course_error),
        (SignInNeeded, pages.show_sign_in),
        (OperationalError, pages.show_course_error),
        (HTTPException, pages.show_http_error),
        (Exception, pages.show_unexpected_error),
    ]


def create_app(settings: Mapping[str, object] | None = None, *, course: Course | None = None) -> Flask:
    """The stand-alone site. `settings` (COURSE_…) win over instance/config.py and the environment."""
    given = dict(settings or {})
    app = Flask("course", instance_relative_config=True, instance_path=_instance_path(given), static_folder=None)
    instance = Path(app.instance_path)
    instance.mkdir(parents=True, exist_ok=True)
    read_settings(app.config, instance)
    app.config.update(given)
    make_instance_settings(app.config, instance)
    if app.config["COURSE_TRUSTED_HOSTS"]:
        app.config["TRUSTED_HOSTS"] = [host.strip() for host in str(app.config["COURSE_TRUSTED_HOSTS"]).split(",")]
    add_commands(app)
    try:
        site = (course or Course()).init_app(app, own_accounts=True)
    except ContentError as error:
        _answer_without_content(app, error)
        return app
    _cover_the_whole_site(app, site)
    # A host's own gatekeepers must see every request, so the short ways are for the stand-alone site only.
    hosts = app.config.get("TRUSTED_HOSTS") or ()
    taking = TakesQuizzes(app.wsgi_app, site, trusted_hosts=hosts)
    serving = ServesLessons(taking, site, trusted_hosts=hosts)
    saving = SavesAnswers(serving, site, trusted_hosts=hosts)
    counting = AnswersCounts(saving, site, trusted_hosts=hosts)
    app.wsgi_app = LetsPlatformsFrame(counting, site.store, secure=site.https)  # type: ignore[method-assign]
    if proxies := int(app.config["COURSE_PROXIES"]):
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies
        )
    return app


def _instance_path(given: dict[str, object]) -> str:
    """FLASK_COURSE_INSTANCE_DIR, else instance/ of the checkout, else of the folder that the site is started in."""
    chosen = given.pop("COURSE_INSTANCE_DIR", None) or os.environ.get("FLASK_COURSE_INSTANCE_DIR")
    checkout = Path(__file__).resolve().parent.parent
    beside = checkout if (checkout / "wsgi.py").is_file() else Path.cwd()
    return str(Path(str(chosen)).resolve() if chosen else beside / "instance")


def _cover_the_whole_site(app: Flask, site: Site) -> None:
    """Addresses outside every blueprint get our error pages too, as there is nothing else on this site."""
    for error, show in _handlers(ErrorPages(site)):
        app.register_error_handler(error, show)

    @app.after_request
    def say_what_browsers_may_do(response: Response) -> Response:
        # A redirect to the address with a slash, for one, belongs to no blueprint.
        secure(response, https=site.https)
        return response


def _answer_without_content(app: Flask, error: ContentError) -> None:
    """The commands work, and every page says why the site does not."""
    app.logger.error("The content package cannot be used:\n%s", error)

    @app.before_request
    def say_why() -> tuple[str, int, dict[str, str]]:
        return (
            "The course cannot be shown: its content has faults. Run: flask --app wsgi course check\n",
            503,
            {"Content-Type": "text/plain; charset=utf-8"},
        )
