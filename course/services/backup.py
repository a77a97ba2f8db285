"""One archive with the database and the keys of this machine, taken while the site runs; and the way back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from course.domain.certificate_state import Actor
from course.domain.errors import NotThere
from course.services.audit import OPERATOR
from course.services.certificates import By
from course.services.erasure import ERASED, erase_learner, erased_since
from course.storage.engine import Store, prepare
from course.storage.migrations import current, newest, upgrade

#: What belongs into a backup beside the database. Mails and what can be made anew do not.
KEPT = ("secret_key", "config.py", "signing", "audit-anchors", ERASED)
LAST = "last-backup"
SQLITE, POSTGRESQL, MANIFEST = "course.sqlite3", "course.pgdump", "manifest.json"


class CannotBackUp(Exception):
    """It cannot be done here; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    made_at: datetime
    #: "sqlite" or "postgresql"
    database: str
    revision: str


def back_up(engine: Engine, instance: Path, target: Path, *, now: datetime) -> BackedUp:
    """Write the archive. A copy half made never stands at its place. Raises CannotBackUp."""
    about = BackedUp(now, engine.dialect.name, current(engine))
    with _folder() as folder:
        if about.database == "sqlite":
            _copy_sqlite(Path(str(engine.url.database)), folder / SQLITE)
        else:
            _dump(engine.url, folder / POSTGRESQL)
        manifest = {"made_at": now.isoformat(), "database": about.database, "revision": about.revision}
        (folder / MANIFEST).write_text(json.dumps(manifest))
        draft = target.with_name(f"{target.name}.draft")
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w:gz") as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name)
            for name in KEPT:
                if (instance / name).exists():
                    archive.add(instance / name, f"instance/{name}")
        draft.replace(target)
    (instance / LAST).write_text(now.isoformat())
    return about


def last_backup(instance: Path) -> datetime | None:
    """When the last one was made here."""
    path = instance / LAST
    return datetime.fromisoformat(path.read_text().strip()) if path.is_file() else None


def restore(engine: Engine, instance: Path, source: Path, *, now: datetime) -> tuple[BackedUp, list[int]]:
    """Put database and keys back as they were: (the backup, the learners erased since, who are erased again).

    Raises CannotBackUp for what is no backup of this kind of database.
    """
    with _folder() as folder:
        about = _unpacked(source, folder)
        if about.database != engine.dialect.name:
            raise CannotBackUp(
                f"This is a backup of a {about.database} database, and the site has {engine.dialect.name}."
            )
        if about.database == "sqlite":
            _put_back_sqlite(folder / SQLITE, Path(str(engine.url.database)))
        else:
            engine.dispose()
            _load(engine.url, folder / POSTGRESQL)
        _put_back_files(folder / "instance", instance)
    if current(engine) != newest():
        upgrade(engine)
    return about, _erase_again(Store(prepare(engine)), instance, about.made_at, now)


def _erase_again(store: Store, instance: Path, made_at: datetime, now: datetime) -> list[int]:
    """Whoever was erased after the backup was made is in it once more."""
    again = []
    for learner_id in erased_since(instance, made_at):
        try:
            erase_learner(store, learner_id, instance=instance, now=now, who=OPERATOR, by=By(Actor.OPERATOR))
        except NotThere:
            continue
        again.append(learner_id)
    return again


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="course-backup-") as name:
        yield Path(name)


# The archive


def _unpacked(source: Path, folder: Path) -> BackedUp:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        said = json.loads((folder / MANIFEST).read_text())
        return BackedUp(datetime.fromisoformat(said["made_at"]), said["database"], said["revision"])
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise CannotBackUp(f"{source} is no backup of this site.") from error


def _put_back_files(folder: Path, instance: Path) -> None:
    """Keys and settings as they were; of those erased, whoever stands in either list."""
    instance.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        found, place = folder / name, instance / name
        if name == ERASED:
            lines = {line for path in (found, place) if path.is_file() for line in path.read_text().splitlines()}
            if lines:
                place.write_text("".join(f"{line}\n" for line in sorted(lines)))
        elif found.is_dir():
            shutil.copytree(found, place, dirs_exist_ok=True)
        elif found.is_file():
            shutil.copy2(found, place)
        elif name == "audit-anchors":
            # Anchors taken after the backup would call the restored log cut.
            place.unlink(missing_ok=True)


# SQLite


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own copy: a state that was committed, while others write."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")


def _put_back_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here:
        if here.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CannotBackUp("The database in the backup is damaged.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(target, timeout=30)) as there:
            here.backup(there)


# PostgreSQL


def _dump(url: URL, target: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={_address(url)}")


def _load(url: URL, source: Path) -> None:
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        f"--dbname={_address(url)}",
        str(source),
    )


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise CannotBackUp(
            f"{program} is not installed here. On the machine of the database, run: pg_dump --format=custom DATABASE > "
            "FILE, to restore: pg_restore --clean --if-exists --dbname=DATABASE FILE. Copy instance/ beside it."
        )
    # The program is one of two, and its arguments are the settings of this site and paths of our own.
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotBackUp(f"{program} failed: {done.stderr.strip()[-500:]}")
