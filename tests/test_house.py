"""Rules of the house that no other tool holds. Each test names the files that break it."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from course.cli.commands import course_commands
from course.settings import DEFAULTS

CHECKOUT = Path(__file__).parents[1]
NOT_OURS = {
    ".git",
    ".venv",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "build",
    "dist",
    "test-results",
    "node_modules",
}
CODE = {".py", ".html", ".css", ".js", ".svg", ".sh"}
TEXT = {*CODE, ".md", ".yaml", ".yml", ".toml", ".txt", ".po", ".json", ".mako", ".in", ""}
LONGEST = 500


def all_files() -> Iterator[Path]:
    """The files of the repository; what git ignores is not ours."""
    for folder, folders, files in os.walk(CHECKOUT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info")]
        inside = Path(folder).relative_to(CHECKOUT)
        for name in files:
            if inside.parts[:1] != ("instance",) or name in ("README.md", ".gitignore"):
                yield CHECKOUT / inside / name


def texts(kinds: set[str]) -> Iterator[tuple[str, str]]:
    """Path below the checkout, and the text."""
    for path in all_files():
        if path.suffix in kinds and path != Path(__file__):
            yield str(path.relative_to(CHECKOUT)), path.read_text(encoding="utf-8")


def too_long(text: str) -> bool:
    return text.count("\n") > LONGEST and "Why this file is long:" not in text


def inline_parts(template: str) -> list[str]:
    """What the content security policy would refuse: style attributes, event attributes, style and script elements."""
    template = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    found = re.findall(r"""<[^>]*\s(style|on[a-z]+)\s*=\s*["'{]""", template)
    found += re.findall(r"<(style|script(?![^>]*\ssrc=))\b", template)
    return found + re.findall(r"javascript:", template)


def links_of(document: str) -> list[str]:
    """The files that a Markdown document links to."""
    document = re.sub(r"```.*?```|`[^`\n]*`", "", document, flags=re.DOTALL)
    return re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", document)


def test_no_file_is_too_long_without_a_reason() -> None:
    # The contents of lock files and of the content package are data: they grow with the course.
    assert [path for path, text in texts(CODE) if too_long(text)] == []
    assert not too_long((CHECKOUT / "run").read_text())


def test_a_long_file_is_noticed_and_a_reason_is_heard() -> None:
    assert too_long("line\n" * 501)
    assert not too_long("line\n" * 500)
    assert not too_long("# Why this file is long: a table.\n" + "line\n" * 501)


def test_templates_have_no_inline_style_and_no_inline_script() -> None:
    templates = [(path, text) for path, text in texts({".html", ".svg"}) if path.startswith("course/")]
    assert len(templates) >= 15
    assert {path: inline_parts(text) for path, text in templates if inline_parts(text)} == {}


@pytest.mark.parametrize(
    "fault",
    [
        '<p class="a" style="color: red">',
        '<button onclick="go()">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">',
        '<p\n  style="{{ colour }}">',
    ],
)
def test_an_inline_part_is_noticed(fault: str) -> None:
    assert inline_parts(fault)


def test_what_is_not_inline_is_left_alone() -> None:
    good = '{# <p style="no"> #}<link rel="stylesheet" href="/a.css"><script src="/a.js" defer></script><p data-on="x">'
    assert inline_parts(good) == []


def test_readme_describes_every_setting_and_no_other() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    described = set(re.findall(r"^\| `(FLASK_\w+)` \|", readme, flags=re.MULTILINE))
    assert described == {f"FLASK_{name}" for name in DEFAULTS} | {"FLASK_SECRET_KEY"}
    assert len(described) < 20


def test_readme_and_help_name_every_command_of_run() -> None:
    commands = set(re.findall(r"^(\w+)(?: \|[^)]*)?\) ", (CHECKOUT / "run").read_text(), flags=re.MULTILINE)) - {
        "serve"
    }
    shown = subprocess.run([CHECKOUT / "run", "help"], capture_output=True, text=True, check=True).stdout
    readme = (CHECKOUT / "README.md").read_text()
    assert commands >= {"test", "check", "bench", "help", "lock"}
    assert [name for name in commands if f"./run {name}" not in shown or f"`./run {name}`" not in readme] == []


def test_readme_describes_every_command_of_the_site_and_no_other() -> None:
    # The words of a command are in small letters; what it takes is in capitals or begins with a hyphen.
    word = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
    row = rf"^\| `({word}(?: {word})*)(?: [A-Z-][^`]*)?` \|"
    described = re.findall(row, (CHECKOUT / "README.md").read_text(), flags=re.MULTILINE)
    assert sorted(described) == sorted(command_names(course_commands))


def command_names(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_names(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_run_refuses_a_command_that_it_does_not_have() -> None:
    done = subprocess.run([CHECKOUT / "run", "serv"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'There is no command "serv"' in done.stderr


@pytest.mark.parametrize(("port", "words"), [(None, "Another program already serves"), ("8000x", "PORT is a number")])
def test_run_says_what_is_wrong_with_the_port_before_it_does_anything(port: str | None, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        environment = {**os.environ, "PORT": port or str(other.getsockname()[1])}
        done = subprocess.run([CHECKOUT / "run"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert words in done.stderr
    assert "1/5" not in done.stdout


def test_run_is_plain_shell_and_may_be_executed() -> None:
    for script in ("run", ".ci/run"):
        assert (CHECKOUT / script).read_text().startswith("#!/bin/sh\n")
        assert os.access(CHECKOUT / script, os.X_OK)
        subprocess.run(["sh", "-n", CHECKOUT / script], check=True)


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/")
    assert {path: found for path, text in texts(TEXT) if (found := places.findall(text))} == {}


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"\b(?:TODO|FIXME|XXX|[Ll]orem ipsum)\b")
    assert {path: found for path, text in texts(TEXT) if (found := left.findall(text))} == {}


def test_file_names_say_what_is_inside() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "base_classes"}
    assert [path for path, _ in texts(CODE) if Path(path).stem in empty_words] == []


def test_the_rules_use_the_standard_library_only() -> None:
    allowed = {*sys.stdlib_module_names, "course"}
    foreign = set()
    for path in (CHECKOUT / "course" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {f"{path.name}: {name}" for name in names if name.split(".")[0] not in allowed}
            foreign |= {
                f"{path.name}: {name}" for name in names if name.startswith("course.") and ".domain" not in name
            }
    assert foreign == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in (CHECKOUT / "course").rglob("*.py")
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [str(path.relative_to(CHECKOUT)) for path in silent] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-uv.txt"])
def test_requirements_are_locked_by_hash_and_name_no_registry(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    entries = text.replace("\\\n", " ").splitlines()
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in text and "--index" not in text


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    for names, file in (
        (project["project"]["dependencies"], "requirements.txt"),
        (project["project"]["dependencies"] + project["dependency-groups"]["test"], "requirements-test.txt"),
    ):
        locked = set(re.findall(r"^([a-z0-9-]+)", (CHECKOUT / file).read_text(), flags=re.MULTILINE))
        assert {re.split(r"[^\w-]", name)[0].lower() for name in names} - locked == set()


def test_a_decision_has_context_decision_and_consequence() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    decisions = sorted(folder.glob("[0-9]*.md"))
    assert [path.name[:3] for path in decisions] == [f"{number:03}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text()
        assert re.findall(r"^## (.+)", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequence"], path.name
        assert text.startswith(f"# {path.name[:3]} "), path.name
        assert f"({path.name})" in (folder / "README.md").read_text(), f"{path.name} is not in the list"


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(CHECKOUT)}: {target}"
        for path in [
            *CHECKOUT.glob("*.md"),
            *(CHECKOUT / "docs").rglob("*.md"),
            *(CHECKOUT / "certificates").glob("*.md"),
        ]
        for target in links_of(path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    changes = (CHECKOUT / "CHANGELOG.md").read_text()
    assert re.findall(r"^## (\S+)", changes, flags=re.MULTILINE)[0] == version
