"""The style sheet and the script are sent lean, and mean what they meant."""

from __future__ import annotations

import re

import brotli
import pytest
from fontTools.ttLib import TTFont

from course.web.assets import STATIC, Assets
from course.web.leaner import lean_script, lean_style

VARIABLE = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a {\n  color: red;\n}\n", "a{color:red}"),
        ("/* Why. */ a , b { margin: 0 1px }", "a,b{margin:0 1px}"),
        ("a { /* a; b */ top: 0; }", "a{top:0}"),
        ('a { content: "/* no comment ; } */"; }', 'a{content:"/* no comment ; } */"}'),
        ("a { content: 'it is:  kept' }", "a{content:'it is:  kept'}"),
        ("main :focus { top: calc(1px + 2px) }", "main :focus{top:calc(1px + 2px)}"),
        (":root { --ink: #000 } a--b { color: var(--ink) }", ":root{--a:#000}a--b{color:var(--a)}"),
        ("@media (min-width: 64rem) and (width) { a { b: c } }", "@media (min-width:64rem) and (width){a{b:c}}"),
    ],
)
def test_a_style_sheet_loses_only_what_browsers_do_not_read(written, sent):
    assert lean_style(written) == sent


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("  // Why.\n  go();\n", "go();\n"),
        ("/** What\n    for. */\nlet a = 1\n\n  (b)\n", "let a = 1\n(b)\n"),
        ('let a = "http://b";  // stays\n', 'let a = "http://b";  // stays\n'),
        ("let a = `// b`;\n", "let a = `// b`;\n"),
    ],
)
def test_a_script_loses_its_comment_lines_and_keeps_its_line_breaks(written, sent):
    assert lean_script(written) == sent


def test_no_text_of_the_script_runs_over_lines_so_that_no_text_loses_its_indentation():
    lines = (STATIC / "app.js").read_text().splitlines()
    assert [line for line in lines if line.count("`") % 2] == []


def test_a_lean_style_sheet_has_every_rule_of_the_written_one():
    written = (STATIC / "course.css").read_text()
    bare = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    squeezed = re.sub(r"\s", "", bare).replace(";}", "}")
    assert VARIABLE.sub("--", re.sub(r"\s", "", lean_style(written))) == VARIABLE.sub("--", squeezed)


def test_every_variable_of_a_lean_style_sheet_has_a_name_of_its_own_and_is_known_nowhere_else():
    written = (STATIC / "course.css").read_text()
    short = dict(
        zip(VARIABLE.findall(re.sub(r"/\*.*?\*/", "", written)), VARIABLE.findall(lean_style(written)), strict=True)
    )
    assert len(set(short.values())) == len(short) > 1
    for file in (STATIC / "app.js", *STATIC.parent.rglob("*.html")):
        assert set(short).isdisjoint(VARIABLE.findall(file.read_text())), file


def test_a_style_sheet_may_have_more_variables_than_the_alphabet_has_letters():
    names = [f"--name-{number}" for number in range(60)]
    short = VARIABLE.findall(lean_style("".join(f"a{{{name}:0}}" for name in names)))
    assert len(set(short)) == len(names)


def test_a_name_changes_with_the_bytes_and_a_style_sheet_names_its_typefaces_by_them(tmp_path):
    names = []
    for face in (b"one", b"two"):
        (tmp_path / "face.woff2").write_bytes(face)
        (tmp_path / "page.css").write_text('a { src: url("face.woff2") }')
        names.append(Assets(tmp_path).names)
    assert names[0]["face.woff2"] != names[1]["face.woff2"]
    assert names[0]["page.css"] != names[1]["page.css"]


def test_an_asset_is_sent_packed_and_may_be_kept_for_ever(client, site):
    for name in ("course.css", "app.js"):
        response = client.raw.get(f"/assets/{site.assets.names[name]}", headers={"Accept-Encoding": "br"})
        plain = client.raw.get(f"/assets/{site.assets.names[name]}")
        assert brotli.decompress(response.data) == plain.data
        assert "immutable" in response.headers["Cache-Control"]


def test_an_asset_carries_the_one_rule_that_concerns_it(client, site):
    response = client.raw.get(f"/assets/{site.assets.names['course.css']}")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} & set(
        response.headers.keys()
    )


def test_an_address_without_an_asset_is_an_error_page_with_the_rules_for_pages(client):
    client.get("/assets/course.0000000000.css", status=404)


def test_a_modified_typeface_does_not_carry_the_reserved_name():
    with TTFont(STATIC / "fonts" / "polku-sans-latin-wght.woff2") as font:
        names = [record.toUnicode() for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)]
    assert names
    assert not [name for name in names if "source" in name.lower()]


def test_the_typeface_has_the_letters_and_signs_of_the_three_languages():
    with TTFont(STATIC / "fonts" / "polku-sans-latin-wght.woff2") as font:
        missing = {letter for letter in "abcåäöÅÄÖéü ”’“‘–…§€%·" if ord(letter) not in font.getBestCmap()}
    assert missing == set()


def test_two_style_sheets_of_one_page_call_the_same_variable_by_the_same_name():
    names: dict[str, str] = {}
    first = lean_style(":root{--ink:#000;--paper:#fff}", names)
    second = lean_style("a{color:var(--paper)}b{color:var(--own)}", names)
    assert first == ":root{--a:#000;--b:#fff}"
    assert second == "a{color:var(--b)}b{color:var(--c)}"


def test_the_sheet_of_the_staff_pages_stands_on_the_variables_of_the_course():
    site = Assets()
    sheets = {name: site._assets[site.names[name]].body.decode() for name in ("course.css", "staff.css")}
    written = (STATIC / "staff.css").read_text()
    own = set(re.findall(r"(--[a-z-]+):", written))
    used = set(re.findall(r"var\((--[a-z-]+)\)", written)) - own
    for variable in used:
        short = site._variables[variable]
        assert f"{short}:" in sheets["course.css"] and f"var({short})" in sheets["staff.css"], variable
