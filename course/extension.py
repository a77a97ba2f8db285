"""The only place where the parts meet: the course mounted in a Flask application, ours or somebody else's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from course.cli import add_commands
from course.content.findings import ContentError
from course.content.loading import certificate_folder, content_root, load
from course.content.question_version import QuestionVersions
from course.domain.errors import CourseError
from course.exports.certificate_pdf import letters_without_font
from course.exports.rendering_process import RenderingProcess
from course.services.certificates import CertificateRenderer
from course.services.mail import MAIL, MailHandler, postman_for
from course.services.work import Worker
from course.settings import DEFAULTS, make_instance_settings, read_settings
from course.storage.engine import Store, engine_options
from course.storage.tables import Base
from course.web.area import Route
from course.web.areas import AREAS
from course.web.assets import Assets
from course.web.errors import ErrorPages
from course.web.guard import SignInNeeded, StaleForm, guard_request
from course.web.headers import secure
from course.web.identity import HostStaff, LearnerCookie, NoStaff, StaffIdentity, StaffOfHost
from course.web.quick_lesson import ServesLessons
from course.web.quick_save import SavesAnswers
from course.web.site import Site, build_of
from course.web.templates import make_environments
from course.web.translations import read_catalogues
from course.web.unchanged import AnswersUnchanged

#: A form of ours is a few kilobytes; nothing is uploaded.
LARGEST_REQUEST = 256 * 1024


def utc_now() -> datetime:
    return datetime.now(UTC)


class Course:
    """The course, mounted in a Flask application."""

    def __init__(
        self,
        app: Flask | None = None,
        *,
        url_prefix: str = "",
        renderer: CertificateRenderer | None = None,
        now: Callable[[], datetime] = utc_now,
        staff: HostStaff | None = None,
    ) -> None:
        """`staff` tells a host's trainers and administrators: see `course.web.identity.HostStaff`."""
        self._renderer = renderer
        self._now = now
        self._staff: StaffIdentity = StaffOfHost(staff) if staff else NoStaff()
        if app is not None:
            self.init_app(app, url_prefix=url_prefix)

    def init_app(self, app: Flask, *, url_prefix: str = "", name: str = "course") -> Site:
        """Register the pages below `url_prefix`. A database and a sign-in of the application are used, not doubled."""
        for setting, default in DEFAULTS.items():
            app.config.setdefault(setting, default)
        if "course" not in app.cli.commands:
            add_commands(app)
        if "sqlalchemy" not in app.extensions:
            url = app.config["COURSE_DATABASE_URL"]
            app.config.setdefault("SQLALCHEMY_DATABASE_URI", url)
            SQLAlchemy(app, metadata=Base.metadata, engine_options=engine_options(url))
        site = self._site(app, name)
        if not hasattr(app, "login_manager"):
            _login_manager(app, site)
        app.register_blueprint(_blueprint(site, name), url_prefix=url_prefix or None)
        app.wsgi_app = AnswersUnchanged(  # type: ignore[method-assign]
            app.wsgi_app, store=site.store, identity=site.identity, build=site.build, now=site.now
        )
        app.extensions[name] = site
        app.extensions[f"{name}_worker"] = _worker(app, site)
        app.extensions[f"{name}_routes"] = _listed(app, site)
        return site

    def _site(self, app: Flask, name: str) -> Site:
        root = content_root(app.config["COURSE_CONTENT_DIR"] or None)
        library = load(root, keep=Path(app.instance_path) / "library.json")
        catalogues = read_catalogues(library.languages)
        with app.app_context():
            store = Store(app.extensions["sqlalchemy"].engine)
        template = certificate_folder(root, app.config["COURSE_CERTIFICATE"])
        base_url = app.config["COURSE_BASE_URL"]
        return Site(
            name=name,
            library=library,
            versions=QuestionVersions(library),
            store=store,
            identity=LearnerCookie(secure=base_url.startswith("https://")),
            staff_identity=self._staff,
            renderer=self._renderer or RenderingProcess(template),
            unprintable=lambda name: letters_without_font(name, template),
            environments=make_environments(catalogues),
            catalogues=catalogues,
            assets=Assets(),
            secret_key=str(app.config["SECRET_KEY"]),
            base_url=base_url,
            exit_url=app.config["COURSE_EXIT_URL"],
            now=self._now,
            build=build_of(library),
        )


def _worker(app: Flask, site: Site) -> Worker:
    """What each kind of task in the outbox does."""
    postman = postman_for(app.config["COURSE_MAIL_URL"], Path(app.instance_path))
    handlers = {MAIL: MailHandler(postman, app.config["COURSE_MAIL_FROM"])}
    return Worker(site.store, handlers, site.now)


def _login_manager(app: Flask, site: Site) -> None:
    manager = LoginManager(app)
    # The record is found by its own cookie; Flask's session plays no part in it.
    manager.session_protection = None
    manager.request_loader(lambda _request: site.visitor())


def _listed(app: Flask, site: Site) -> list[tuple[str, str, str]]:
    """(address, methods, permission) of every page: what `course routes` prints and the tests go through."""
    permissions = {route.endpoint: route.permission for kind in AREAS for route in kind(site).routes()}
    found = []
    for rule in app.url_map.iter_rules():
        mount, _, endpoint = rule.endpoint.rpartition(".")
        if mount == site.name:
            methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            found.append((rule.rule, methods, permissions[endpoint].value))
    return sorted(found)


def _blueprint(site: Site, name: str) -> Blueprint:
    blueprint = Blueprint(name, __name__)
    for kind in AREAS:
        for route in kind(site).routes():
            _add(blueprint, site, route)
    pages = ErrorPages(site)
    for error, show in _handlers(pages):
        blueprint.register_error_handler(error, show)
    permissions = {f"{name}.{route.endpoint}": route.permission for kind in AREAS for route in kind(site).routes()}
    blueprint.before_request(lambda: guard_request(site, permissions.get(str(request.endpoint))))

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
        (SignInNeeded, pages.show_course_error),
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
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    if app.config["COURSE_TRUSTED_HOSTS"]:
        app.config["TRUSTED_HOSTS"] = [host.strip() for host in str(app.config["COURSE_TRUSTED_HOSTS"]).split(",")]
    add_commands(app)
    try:
        site = (course or Course()).init_app(app)
    except ContentError as error:
        _answer_without_content(app, error)
        return app
    _cover_the_whole_site(app, site)
    # A host's own gatekeepers must see every request, so the short ways are for the stand-alone site only.
    hosts = app.config.get("TRUSTED_HOSTS") or ()
    inner = SavesAnswers(app.wsgi_app, site, trusted_hosts=hosts)
    app.wsgi_app = ServesLessons(inner, site, trusted_hosts=hosts)  # type: ignore[method-assign]
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
