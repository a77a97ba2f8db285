"""The handbook as a static site: whole, readable from a disk, with no link that leads nowhere."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from course.content.library import Library
from course.exports.packages.archive import packed
from course.services.books import BookMaker
from course.web.translations import read_catalogues
from tests.browser_fixtures import Opener

CHECKOUT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv", "en")
EXIT = "https://www.example.org/"
OUTSIDE = re.compile(r"(https?|tel|mailto):")
#: A front page, a lesson with every kind of block, and a card.
LOOKED_AT = ("fi/index.html", "sv/lessons/three-elements.html", "en/cards/referral.html")
FIRST = "index.html"
INVISIBLE = str.maketrans({"\u00ad": None, "\u00a0": " "})


@pytest.fixture(scope="module")
def books(real_library: Library) -> BookMaker:
    catalogues = read_catalogues(LANGUAGES)

    def say(language: str, text: str, **values: object) -> str:
        translated = str(catalogues[language].gettext(text))
        return translated % values if values else translated

    return BookMaker(CHECKOUT, real_library, CHECKOUT / "certificates/fonts", say)


@pytest.fixture(scope="module")
def site(books: BookMaker) -> Mapping[str, bytes]:
    return books.site(LANGUAGES, exit_url=EXIT, site_url="https://course.example/")


@pytest.fixture(scope="module")
def pages(site: Mapping[str, bytes]) -> Mapping[str, BeautifulSoup]:
    return {path: BeautifulSoup(made, "lxml") for path, made in site.items() if path.endswith(".html")}


def link_faults(pages: Mapping[str, BeautifulSoup], others: frozenset[str]) -> Iterator[str]:
    """Every address that is not relative, leads to no file, or to no place in it."""
    places = {path: {str(one["id"]) for one in page.select("[id]")} for path, page in pages.items()}
    for path, page in pages.items():
        for element in page.select("[href], [src]"):
            address = str(element.get("href") or element.get("src"))
            if OUTSIDE.match(address):
                continue
            if address.startswith("/") or ":" in address:
                yield f"{path}: {address} is not relative"
                continue
            file, _, anchor = address.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            if target.startswith("..") or (target not in places and target not in others):
                yield f"{path}: {address} leads to no file"
            elif anchor and anchor not in places[target]:
                yield f"{path}: {address} leads to no place"


def test_every_link_leads_somewhere(site, pages):
    others = frozenset(site) - frozenset(pages)
    assert list(link_faults(pages, others)) == []
    assert sum(len(page.select("main a[href]")) for page in pages.values()) > 5000


@pytest.mark.parametrize(
    ("there", "instead"),
    [('href="../site.css"', 'href="/site.css"'), ("lessons/", "lesson/"), ('id="main"', 'id="other"')],
)
def test_a_link_that_leads_nowhere_is_noticed(site, pages, there, instead):
    path = "fi/index.html"
    broken = site[path].decode().replace(there, instead)
    assert broken != site[path].decode()
    changed = {**pages, path: BeautifulSoup(broken, "lxml")}
    assert list(link_faults(changed, frozenset(site) - frozenset(pages)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_handbook_is_there_with_registers_and_cards(pages, real_library, language):
    for lesson in real_library.lessons[language].values():
        page = pages[f"{language}/lessons/{lesson.id}.html"]
        words = " ".join(BeautifulSoup(lesson.html, "lxml").get_text().split())
        assert " ".join(page.select_one(".text").get_text().split()) == words
        assert [one["id"] for one in page.select(".sources li")] == [f"source-{one}" for one in lesson.sources]
    assert len(pages[f"{language}/glossary.html"].select("dt")) == len(real_library.terms)
    assert len(pages[f"{language}/contacts.html"].select("section")) == len(real_library.contacts)
    assert len(pages[f"{language}/sources.html"].select("main li")) == len(real_library.sources)
    cards = [path for path in pages if path.startswith(f"{language}/cards/")]
    assert len(cards) > len(real_library.modules)


def test_there_are_no_quizzes_and_nothing_of_their_keys(site, real_library):
    everything = b"".join(site.values()).decode().translate(INVISIBLE)
    assert "<form" not in everything and "<script" not in everything
    for module in real_library.modules:
        for question in module.quiz.words["en"].values():
            assert all(option.why.translate(INVISIBLE) not in everything for option in question.options.values())


def test_a_page_loads_one_style_sheet_of_its_own_and_nothing_else(pages, site):
    for path, page in pages.items():
        loaded = [str(one.get("href") or one.get("src")) for one in page.select("link[href], [src], object, iframe")]
        assert [posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in loaded] == ["site.css"], (
            path
        )
    assert b"url(" not in site["site.css"] and b"@import" not in site["site.css"]


def test_a_page_is_found_in_every_language(pages):
    for path in LOOKED_AT:
        below = path.partition("/")[2]
        for page in (pages[f"{language}/{below}"] for language in LANGUAGES):
            found = [str(link["hreflang"]) for link in page.select("header a[hreflang]")]
            assert found == list(LANGUAGES)
            assert page.select_one("a")["href"] == EXIT


def test_every_page_says_that_it_is_a_copy_and_where_the_course_is(pages):
    told = {"fi": "lukukopio ilman testejä", "sv": "utan prov", "en": "without quizzes"}
    for path, page in pages.items():
        language = path.partition("/")[0] if "/" in path else LANGUAGES[0]
        assert told[language] in page.footer.get_text(), path
        assert page.footer.select("a[href='https://course.example/']")


def test_the_first_page_lets_one_choose_each_in_its_own_language(pages):
    chosen = pages[FIRST].select("main a[hreflang]")
    assert [(one["href"], one["lang"]) for one in chosen] == [(f"{code}/index.html", code) for code in LANGUAGES]


def test_one_language_has_no_folder_of_its_own_and_names_no_other(books):
    files = books.site(["sv"], exit_url=EXIT, site_url="https://course.example/")
    assert {"index.html", "glossary.html", "site.css"} <= set(files)
    assert not [path for path in files if path.startswith("sv/")]
    pages = {path: BeautifulSoup(made, "lxml") for path, made in files.items() if path.endswith(".html")}
    assert list(link_faults(pages, frozenset(files) - frozenset(pages))) == []
    assert all(page.html["lang"] == "sv" and not page.select("[hreflang]") for page in pages.values())


def test_the_same_content_makes_the_same_bytes(books, site):
    again = books.site(LANGUAGES, exit_url=EXIT, site_url="https://course.example/")
    assert packed(again, "index.html") == packed(site, "index.html")
    with zipfile.ZipFile(BytesIO(packed(site, "index.html"))) as archive:
        assert archive.namelist()[0] == "index.html"


@pytest.mark.parametrize("path", [FIRST, *LOOKED_AT])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_read_from_a_disk_has_no_fault_that_axe_finds(
    site, tmp_path, open_page: Opener, axe_violations: Callable[[Page], list[str]], path, theme
):
    for name, made in site.items():
        if name in (path, "site.css"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(made)
    page = open_page(bypass_csp=True, viewport={"width": 320, "height": 700}, color_scheme=theme)
    page.goto((tmp_path / path).as_uri())
    assert axe_violations(page) == []
    # axe reads style sheets once more, which a browser refuses it on a disk; what they do is measured all the same.
    open_page.expect("Access to XMLHttpRequest")
    open_page.expect("net::ERR_FAILED")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # The style sheet was really there.
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "736px"
