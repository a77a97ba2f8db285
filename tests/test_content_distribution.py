"""A content package that is a distribution of its own: begun by a command, built, installed, and served by its name."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.content.findings import ContentError
from course.content.folders import content_root

CHECKOUT = Path(__file__).parents[1]
SITE = """
from course.extension import create_app
app = create_app()
library = app.extensions["course"].library
client = app.test_client()
for language in library.languages:
    page = client.get(f"/{language}/")
    assert page.status_code == 200 and library.title[language] in page.text
assert client.get("/sv/").status_code == 404
print(library.id)
"""


def run(*command: str, environment: dict[str, str] | None = None, folder: Path = CHECKOUT) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COURSE_"))}
    return kept | {"FLASK_SECRET_KEY": "tests only"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("distribution")
    package = folder / "package"
    begun = environment | {"FLASK_COURSE_INSTANCE_DIR": str(folder / "instance")}
    options = ("--id", "small-handbook", "--languages", "en,fi")
    run(
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "course",
        "new-package",
        str(package),
        *options,
        environment=begun,
    )
    offline = ("--no-index", "--no-build-isolation", "--no-deps", "--quiet")
    run(sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", str(folder), str(package))
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder of packages, as pip makes it, without a network."""
    target = wheel.parent / "site-packages"
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-index",
        "--no-deps",
        "--quiet",
        "--target",
        str(target),
        str(wheel),
    )
    return target


def test_the_wheel_holds_the_content_and_nothing_beside_its_module(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        points = archive.read("small_handbook-0.1.dist-info/entry_points.txt").decode()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"course_content_small_handbook", "small_handbook-0.1.dist-info"}
    assert "course_content_small_handbook/modules/course.yaml" in names
    assert "[course.content]\nsmall-handbook = course_content_small_handbook" in points


def test_the_site_serves_an_installed_package_by_its_name(
    installed: Path, environment: dict[str, str], sqlite_url: str, tmp_path: Path
) -> None:
    here = environment | {
        "PYTHONPATH": os.pathsep.join((str(CHECKOUT), str(installed))),
        "FLASK_COURSE_CONTENT_DIR": "package:small-handbook",
        "FLASK_COURSE_DATABASE_URL": sqlite_url,
        "FLASK_COURSE_INSTANCE_DIR": str(tmp_path / "instance"),
    }
    assert run(sys.executable, "-c", SITE, environment=here, folder=tmp_path).strip() == "small-handbook"
    check = (sys.executable, "-m", "flask", "--app", "wsgi", "course", "check", "--strict")
    assert "0 errors, 0 warnings" in run(*check, environment=here)


def test_a_package_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(ContentError, match="no installed content package small-cookbook"):
        content_root("package:small-cookbook")
