"""The file of a package: the same bytes each time, valid by others' schemas, nothing that a strict importer refuses."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from course.content.library import Library
from course.content.loading import load
from course.exports.packages.package import FOLDER
from course.exports.packages.words import interface_words
from tests.packages.making import package_of, unpacked, write_out

KINDS = ["scorm12", "scorm2004", "cmi5"]
MANIFEST = "imsmanifest.xml"
CMI5_SCHEMA = Path(__file__).parent / "schemas/cmi5-CourseStructure.xsd"
DRIVERS = {
    "scorm12": [
        ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "imscp_rootv1p1p2.xsd"),
        ("http://www.adlnet.org/xsd/adlcp_rootv1p2", "adlcp_rootv1p2.xsd"),
    ],
    "scorm2004": [
        ("http://www.imsglobal.org/xsd/imscp_v1p1", "imscp_v1p1.xsd"),
        ("http://www.adlnet.org/xsd/adlcp_v1p3", "adlcp_v1p3.xsd"),
        ("http://www.adlnet.org/xsd/adlseq_v1p3", "adlseq_v1p3.xsd"),
        ("http://www.adlnet.org/xsd/adlnav_v1p3", "adlnav_v1p3.xsd"),
        ("http://www.imsglobal.org/xsd/imsss", "imsss_v1p0.xsd"),
    ],
}
#: What must not be in a manifest, and what the schema says of it.
MUTANTS = {
    "scorm12": [
        ("adlcp:scormtype", "adlcp:scormType"),
        ("<item identifier", "<item ident"),
        ('type="webcontent" ', ""),
    ],
    "scorm2004": [
        ("<resource identifier", "<resource ident"),
        ("imsss:controlMode", "imsss:control"),
        ("<file h", "<file "),
    ],
    "cmi5": [("CompletedAndPassed", "Done"), ("<url>index.html</url>", ""), ("AnyWindow", "AnyFrame")],
}


def schema_for(kind: str, folder: Path) -> etree.XMLSchema:
    """The schema made of the very files that lie in the package; nothing may be fetched."""
    parser = etree.XMLParser(no_network=True)
    if kind == "cmi5":
        return etree.XMLSchema(etree.parse(CMI5_SCHEMA, parser))
    imports = "".join(f'<xs:import namespace="{space}" schemaLocation="{name}"/>' for space, name in DRIVERS[kind])
    driver = folder / "driver.xsd"
    driver.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    return etree.XMLSchema(etree.parse(driver, parser))


def manifest_of(kind: str, files: dict[str, bytes]) -> bytes:
    return files["cmi5.xml" if kind == "cmi5" else "imsmanifest.xml"]


def hrefs(manifest: bytes) -> list[str]:
    return re.findall(rb'<file href="([^"]+)"/>', manifest)  # type: ignore[return-value]


@pytest.mark.parametrize("kind", KINDS)
def test_two_builds_give_the_same_bytes(library: Library, kind: str) -> None:
    assert package_of(library, kind) == package_of(library, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_archive_names_no_time_and_no_machine_and_begins_with_its_manifest(library: Library, kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(package_of(library, kind))) as archive:
        entries = archive.infolist()
    assert entries[0].filename == ("cmi5.xml" if kind == "cmi5" else "imsmanifest.xml")
    assert {(one.date_time, one.create_system, one.external_attr) for one in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o644 << 16)
    }
    names = [one.filename for one in entries[1:]]
    assert names == sorted(set(names))
    assert not any(re.search(r"[^A-Za-z0-9_./-]", name) for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_editing_one_lesson_changes_that_lesson_and_nothing_else(
    library: Library, fixture_course: Path, tmp_path: Path, kind: str
) -> None:
    copied = shutil.copytree(fixture_course, tmp_path / "course")
    lesson = next((copied / "modules/en/010-tea").glob("010*.md"))
    lesson.write_text(lesson.read_text().replace("wait a moment.", "wait a short moment."))
    before, after = unpacked(library, kind), unpacked(load(copied), kind)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    edited = library.module(library.modules[0].id).lesson_ids[0]
    assert changed == {f"content/en/lessons/{edited}.js"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whole", [True, False], ids=["course", "module"])
def test_the_manifest_is_valid_by_the_schema(real_library: Library, tmp_path: Path, kind: str, whole: bool) -> None:
    module = "" if whole else real_library.modules[3].id
    files = unpacked(real_library, kind, ["fi"] if whole else [], module)
    schema = schema_for(kind, write_out({n: c for n, c in files.items() if n.endswith((".xsd", ".dtd"))}, tmp_path))
    assert schema.validate(etree.fromstring(manifest_of(kind, files))), schema.error_log
    if whole:
        for old, new in MUTANTS[kind]:
            spoiled = manifest_of(kind, files).decode().replace(old, new)
            assert spoiled != manifest_of(kind, files).decode()
            assert not schema.validate(etree.fromstring(spoiled.encode())), f"{old} -> {new}"


@pytest.mark.parametrize("kind", ["scorm12", "scorm2004"])
def test_the_manifest_lists_every_file_once_and_no_other(library: Library, kind: str) -> None:
    files = unpacked(library, kind)
    listed = [name.decode() for name in hrefs(files[MANIFEST])]  # type: ignore[attr-defined]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("kind", ["scorm12", "scorm2004"])
def test_nothing_in_a_manifest_dangles_or_stands_twice(library: Library, kind: str) -> None:
    files = unpacked(library, kind)
    root = etree.fromstring(files[MANIFEST])
    named = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(named) == len(set(named))
    resources = {one.get("identifier"): one.get("href") for one in root.iter("{*}resource")}
    assert [resources[one.get("identifierref")] for one in root.iter("{*}item")] == ["index.html"]
    # The schemas let a wrong case pass; importers do not.
    assert ('adlcp:scormtype="sco"' if kind == "scorm12" else 'adlcp:scormType="sco"') in files[MANIFEST].decode()
    assert root.find("{*}organizations").get("default") in named
    assert root.find("{*}metadata/{*}schemaversion").text == {"scorm12": "1.2", "scorm2004": "2004 4th Edition"}[kind]
    # Strict importers look for the schemas beside the manifest.
    for name in re.findall(r"\s([\w.]+\.xsd)\b", files[MANIFEST].decode()):
        assert name in files
    for name in files:
        if name.endswith(".xsd"):
            schema = etree.fromstring(files[name], etree.XMLParser(no_network=True, recover=True))
            places = [one.get("schemaLocation") for one in schema.iterfind("{http://www.w3.org/2001/XMLSchema}*")]
            assert {place for place in places if place} <= set(files), name


def test_every_word_that_the_runtime_asks_for_is_there_and_no_other() -> None:
    scripts = "".join(path.read_text() for path in sorted((FOLDER / "runtime").glob("*.js")))
    words = interface_words(lambda text: text)
    asked = set(re.findall(r'(?:say|sectionLink)\("([^"]+)"', scripts))
    assert asked - set(words) == set()
    assert len(asked) > 100
    assert [word for word in words if f'"{word}"' not in scripts] == []


def test_a_cmi5_unit_has_a_name_of_its_own_and_an_address_without_a_query(real_library: Library) -> None:
    whole = etree.fromstring(unpacked(real_library, "cmi5")["cmi5.xml"])
    one = etree.fromstring(unpacked(real_library, "cmi5", module=real_library.modules[0].id)["cmi5.xml"])
    names = [found.get("id") for root in (whole, one) for found in root.iter("{*}course", "{*}au")]
    assert len(names) == len(set(names)) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in names)
    assert [found.text for found in whole.iter("{*}url")] == ["index.html"]
    assert whole.find("{*}au").get("masteryScore") == "0.8"
    assert {found.get("lang") for found in whole.find("{*}au/{*}title")} == set(real_library.languages)


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_in_one_language_has_no_word_of_another(real_library: Library, kind: str) -> None:
    files = unpacked(real_library, kind, ["sv"])
    assert not [name for name in files if name.startswith(("content/fi", "content/en"))]
    assert '"languages":["sv"]' in files["content/key.js"].decode()


def test_a_package_of_one_module_leads_nowhere_outside_itself(real_library: Library) -> None:
    module = real_library.modules[4]
    files = unpacked(real_library, "scorm12", module=module.id)
    inside = set(module.lesson_ids)
    for name, content in files.items():
        if name.startswith("content/"):
            led = set(re.findall(r"#/\w\w/lessons/([a-z0-9-]+)", content.decode()))
            assert led <= inside, name
    assert not any("/cases/" in name for name in files)


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_and_pages_live_with_the_strictest_rules(real_library: Library, kind: str) -> None:
    files = unpacked(real_library, kind, ["fi"])
    page, script = files["index.html"].decode(), files["runtime.js"].decode()
    assert re.search(r"script-src 'self' file:;", page) and "unsafe" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|<style|\sstyle=", page)
    assert not re.search(r"\beval\(|new Function|document\.write|\sstyle=|\bon(?:click|load)=", script)
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", script))
    assert {one for one in addresses if "xapi" not in one and "expapi" not in one} == set()
