"""The wheel carries the content, nothing else lands in a site's packages, and what it carries works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.content.loading import load

CHECKOUT = Path(__file__).parents[1]
CONTENT = ("modules", "quizzes", "certificates")
SITE = """
from course.extension import create_app
app = create_app()
for language in ("fi", "sv", "en"):
    assert app.test_client().get(f"/{language}/").status_code == 200
print(app.extensions["course"].library.hash)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def below(folder: str) -> set[str]:
    files = (path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(CHECKOUT)) for path in files}


@pytest.mark.parametrize("folder", CONTENT)
def test_every_file_of_the_content_is_in_the_wheel(names: set[str], folder: str) -> None:
    assert below(folder)
    assert {f"course/_bundled/{name}" for name in below(folder)} - names == set()


def test_every_file_of_the_package_is_in_the_wheel(names: set[str]) -> None:
    assert below("course") - names == set()


def test_nothing_else_lands_beside_the_package(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert tops == {"course", *(top for top in tops if top.endswith(".dist-info"))}


def test_the_wheel_carries_the_licences_of_code_texts_and_fonts(names: set[str]) -> None:
    licences = {Path(name).name for name in names if "/licenses/" in name}
    assert licences >= {"LICENSE", "LICENSE-CONTENT", "OFL.txt", "OFL-SourceSans3.txt", "OFL-Noto.txt"}


def test_the_site_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path, sqlite_url: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COURSE_"))}
    environment |= {"PYTHONPATH": str(tmp_path / "installed"), "FLASK_COURSE_DATABASE_URL": sqlite_url}
    environment |= {"FLASK_SECRET_KEY": "tests only"}
    # From another folder: nothing of the checkout may be found by accident.
    done = subprocess.run(
        [sys.executable, "-c", SITE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == load(CHECKOUT).hash
