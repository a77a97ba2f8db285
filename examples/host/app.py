"""The staff pages of a made-up town, with the course mounted at /training.

A host as it would be without us: its own users and sign-in, its own database, its own templates and its own choice of
language. What concerns the course stands in `mount_training`.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

import click
from flask import Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response

from course.extension import Course
from course.storage.migrations import upgrade
from course.web.identity import HostLearner, HostUser
from course.web.templates import HostLook

HERE = Path(__file__).parent
LANGUAGES = ("fi", "en")
WORDS = {
    "fi": {
        "town": "Harjulan kaupunki",
        "front": "Henkilöstön sivut",
        "training": "Koulutus",
        "sign_in": "Kirjaudu",
        "sign_out": "Kirjaudu ulos",
        "user": "Tunnus",
        "password": "Salasana",
        "wrong": "Tunnus tai salasana on väärin.",
        "hello": "Tervetuloa",
        "other": "In English",
    },
    "en": {
        "town": "Town of Harjula",
        "front": "Staff pages",
        "training": "Training",
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "user": "User name",
        "password": "Password",
        "wrong": "The user name or the password is wrong.",
        "hello": "Welcome",
        "other": "Suomeksi",
    },
}


class Base(DeclarativeBase): ...


database = SQLAlchemy(model_class=Base)


class User(UserMixin, Base):  # type: ignore[misc]
    """An employee. The course never reads this table; `learner` and `staff` below say what it may know."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fi")
    trains_others: Mapped[bool] = mapped_column(default=False)


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """Everything lies in the folder `instance` beside this file, unless TOWN_INSTANCE or a test says otherwise."""
    given = settings or {}
    folder = given.get("INSTANCE") or os.environ.get("TOWN_INSTANCE") or HERE / "instance"
    app = Flask(__name__, instance_path=str(folder))
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=_kept_key(Path(app.instance_path) / "key"),
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{Path(app.instance_path) / 'staff.sqlite3'}",
        COURSE_BASE_URL="http://127.0.0.1:5000",
    )
    app.config.from_mapping(given)
    database.init_app(app)
    manager = LoginManager(app)
    manager.login_view = "sign_in"
    manager.user_loader(lambda user_id: database.session.get(User, int(user_id)))
    app.context_processor(lambda: {"words": WORDS[language()], "lang": language(), "token": token()})
    add_pages(app)
    app.cli.command("init")(init)
    mount_training(app)
    return app


def mount_training(app: Flask) -> None:
    """All that the host does for the course."""
    look = HostLook(templates=HERE / "templates" / "training", values=around, language=language)
    Course(app, url_prefix="/training", learner=learner, staff=staff, look=look)


def learner() -> HostLearner | None:
    """Who is signed in here has her record in the course; she needs no other account."""
    return HostLearner(f"staff-{current_user.id}", token()) if current_user.is_authenticated else None


def staff() -> HostUser | None:
    """Trainers of the course. The host says who they are; the course keeps their names for the groups they make."""
    if not (current_user.is_authenticated and current_user.trains_others):
        return None
    user = current_user
    return HostUser(f"staff-{user.id}", user.name, administrator=True, language=user.language, secret=token())


def around(language: str) -> dict[str, str]:
    """What the host's bar above and below the course's pages shows, in the language of the page."""
    words = WORDS.get(language, WORDS["en"])
    return {
        "town": words["town"],
        "front": words["front"],
        "name": current_user.name if current_user.is_authenticated else "",
        "style_url": url_for("static", filename="host.css"),
        "front_url": url_for("front"),
    }


def language() -> str:
    """The host's own choice: the user's, else what was clicked, else Finnish."""
    chosen = current_user.language if current_user.is_authenticated else session.get("language")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def token() -> str:
    """What the host's forms carry against requests from elsewhere; made once for each browser."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(16)
    made: str = session["token"]
    return made


def add_pages(app: Flask) -> None:
    app.add_url_rule("/", view_func=front)
    app.add_url_rule("/sign-in", view_func=sign_in, methods=["GET", "POST"])
    app.add_url_rule("/sign-out", view_func=login_required(sign_out), endpoint="sign_out", methods=["POST"])
    app.add_url_rule("/language/<code>", view_func=choose_language, methods=["POST"])


def front() -> str:
    return render_template("front.html")


def sign_in() -> Response | str:
    if request.method == "POST":
        _require_token()
        wanted = database.select(User).filter_by(username=request.form.get("username", ""))
        user = database.session.execute(wanted).scalar_one_or_none()
        if user and check_password_hash(user.password, request.form.get("password", "")):
            login_user(user)
            return redirect(url_for("front"))
        flash(WORDS[language()]["wrong"])
    return render_template("sign_in.html")


def sign_out() -> Response:
    _require_token()
    logout_user()
    session.pop("token", None)
    return redirect(url_for("front"))


def choose_language(code: str) -> Response:
    _require_token()
    if code not in LANGUAGES:
        abort(404)
    if current_user.is_authenticated:
        current_user.language = code
        database.session.commit()
    session["language"] = code
    return redirect(url_for("front"))


def _require_token() -> None:
    if not hmac.compare_digest(request.form.get("token", ""), session.get("token", " ")):
        abort(400)


def init() -> None:
    """Make the host's tables with two employees, and the course's tables beside them."""
    database.create_all()
    for username, name, trains in (("aino", "Aino Laine", False), ("elias", "Elias Niemi", True)):
        if not database.session.execute(database.select(User).filter_by(username=username)).scalar():
            password = secrets.token_urlsafe(8)
            hashed = generate_password_hash(password)
            database.session.add(User(username=username, name=name, password=hashed, trains_others=trains))
            click.echo(f"{username}: {password}")
    database.session.commit()
    # Ours have a version table of their own, so the host's migrations and these never meet.
    upgrade(database.engine)


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.write_text(secrets.token_urlsafe(32))
        path.chmod(0o600)
    return path.read_text()
