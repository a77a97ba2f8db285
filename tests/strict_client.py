"""A test client as strict as a reader: every page it fetches is checked against the rules of a good page.

    page = client.get("/fi/")
    page = client.submit(page, "main form", name="Aino")

What a test then asserts is what a person sees, found by CSS selector.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

#: What an error page's or a refused form's title begins with, in the three languages.
ERROR_PREFIX = re.compile(r"^(Virhe|Fel|Error): ")
INVISIBLE = str.maketrans({"\u00ad": None, "\u00a0": " ", "\u202f": " ", "\u200b": None, "\u2060": None})
#: Attributes that name the ids of other elements.
POINTERS = frozenset({"aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage", "for", "list"})
FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea"

Fields = Mapping[str, str | Sequence[str]]
Rule = Callable[[BeautifulSoup], Iterable[str]]


class StrictClient:
    """Asks the application for pages as a browser does, cookies included."""

    def __init__(self, app: Flask) -> None:
        #: Werkzeug's own client with the same cookies, for what is no page.
        self.raw = app.test_client()
        #: The answer that the last page came in.
        self.response: TestResponse

    def get(self, url: str, status: int = 200, **options: Any) -> BeautifulSoup:
        """The page at an address. A redirect is followed, as long as it ends in the status."""
        return self._page(self.raw.get(url, follow_redirects=True, **options), status)

    def post(self, url: str, fields: Fields, status: int = 200) -> BeautifulSoup:
        """The page after fields were sent to an address the way our own pages send them; redirects are followed."""
        return self._page(self.send(url, fields, follow_redirects=True), status)

    def submit(
        self,
        page: BeautifulSoup,
        form: str = "main form",
        *,
        button: str = "",
        status: int = 200,
        **fields: str | Sequence[str],
    ) -> BeautifulSoup:
        """Fill in a form of a page, press a button (a CSS selector inside the form) and get the page that follows."""
        found = page.select(form)
        assert len(found) == 1, f"{len(found)} forms match {form!r}"
        [element] = found
        values: dict[str, str | Sequence[str]] = {**values_of(element), **pressed(element, button)}
        unknown = set(fields) - {str(field["name"]) for field in element.select("[name]")}
        assert not unknown, f"the form has no field named {sorted(unknown)}"
        url = urljoin(self.response.request.url, str(element.get("action") or ""))
        return self.post(url, {**values, **fields}, status=status)

    def send(self, url: str, fields: Fields, *, follow_redirects: bool = False) -> TestResponse:
        """Post fields as the browser does from a page of ours; the answer is not checked."""
        return self.raw.post(
            url,
            data={name: value if isinstance(value, str) else list(value) for name, value in fields.items()},
            headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
            follow_redirects=follow_redirects,
        )

    def _page(self, response: TestResponse, status: int) -> BeautifulSoup:
        self.response = response
        assert response.mimetype == "text/html", f"{response.request.path} is {response.mimetype}"
        page = BeautifulSoup(response.text, "html.parser")
        assert response.status_code == status, (
            f"{response.request.path}: {response.status}\n{text_of(page.main or page)[:1000]}"
        )
        faults = [*faults_of(page), *header_faults(response.headers), *language_faults(page, response.request.path)]
        assert not faults, f"{response.request.path}\n" + "\n".join(faults)
        return page


def values_of(form: Tag) -> dict[str, str | list[str]]:
    """What a browser would send if nobody touched the form."""
    values: dict[str, str | list[str]] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type", "text")
        if field.has_attr("disabled") or kind in ("submit", "button"):
            continue
        if kind == "checkbox":
            if field.has_attr("checked"):
                values[name] = [*values.get(name, []), str(field.get("value", "on"))]
        elif kind == "radio":
            if field.has_attr("checked"):
                values[name] = str(field.get("value", "on"))
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = [*values.get(name, []), str(chosen["value"]) if chosen else ""]
        else:
            values[name] = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
    return values


def pressed(form: Tag, button: str) -> dict[str, str]:
    """The name and value that the pressed button adds. The first button is the one that Enter presses."""
    found = form.select(button or "button, input[type=submit]")
    assert found, f"the form has no button {button!r}"
    assert not button or len(found) == 1, f"{len(found)} buttons match {button!r}"
    return {str(found[0]["name"]): str(found[0].get("value", ""))} if found[0].has_attr("name") else {}


def faults_of(page: BeautifulSoup) -> list[str]:
    """Everything about a page that a reader would stumble over, as sentences."""
    return [fault for rule in RULES for fault in rule(page)]


def text_of(element: Tag | BeautifulSoup) -> str:
    """Text as a reader sees it: one space between words, no soft hyphens."""
    return " ".join(element.get_text().translate(INVISIBLE).split())


def one_heading_that_begins_the_title(page: BeautifulSoup) -> Iterable[str]:
    headings = [text_of(heading) for heading in page.select("h1")]
    if len(headings) != 1:
        yield f"the page has {len(headings)} first-level headings: {headings}"
    title = ERROR_PREFIX.sub("", text_of(page.title)) if page.title else ""
    if headings and not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"


def headings_skip_no_level(page: BeautifulSoup) -> Iterable[str]:
    before = 0
    for heading in page.select("h1, h2, h3, h4, h5, h6"):
        level = int(heading.name[1])
        if before and level > before + 1:
            yield f"the heading {text_of(heading)!r} jumps from level {before} to {level}"
        before = level


def one_main_part(page: BeautifulSoup) -> Iterable[str]:
    if len(page.select("main")) != 1:
        yield f"the page has {len(page.select('main'))} main elements"
    if not page.select_one("meta[name=viewport]"):
        yield "the page has no viewport meta element"


def ids_are_unique_and_lead_somewhere(page: BeautifulSoup) -> Iterable[str]:
    # A walk over the elements takes a third of the time of eight selections, and every page of every test is looked at.
    elements = page.find_all(True)
    ids = Counter(str(element["id"]) for element in elements if element.has_attr("id"))
    yield from (f"the id {name!r} is there {times} times" for name, times in ids.items() if times > 1)
    for element in elements:
        for attribute in POINTERS & element.attrs.keys():
            for name in str(element[attribute]).split():
                if name not in ids:
                    yield f"{attribute}={name!r} leads nowhere"
        address = str(element.get("href") or "") if element.name == "a" else ""
        if address.startswith("#") and address[1:] not in {*ids, ""}:
            yield f"the link {text_of(element)!r} to {address} leads nowhere"


def pictures_say_what_they_show(page: BeautifulSoup) -> Iterable[str]:
    yield from (f"{image} has no alt" for image in page.select("img:not([alt])"))
    for drawing in page.select("svg"):
        if drawing.get("aria-hidden") != "true" and not (drawing.get("role") == "img" and _is_named(drawing)):
            yield f"a drawing is neither hidden nor named: {str(drawing)[:120]}"


def _is_named(element: Tag) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby") or element.select_one("title"))


def forms_say_where_they_go(page: BeautifulSoup) -> Iterable[str]:
    for form in page.select("form"):
        if not form.get("action"):
            yield f"a form has no action: {str(form)[:120]}"
        if str(form.get("method", "get")).lower() == "post" and not form.select_one(
            "input[type=hidden][name=csrf_token]"
        ):
            yield f"the form to {form.get('action')} has no csrf_token"
        if not form.select_one("button, input[type=submit]"):
            yield f"the form to {form.get('action')} has no button"


def fields_have_labels(page: BeautifulSoup) -> Iterable[str]:
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for field in page.select(FIELDS):
        named = field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        if not named and field.get("id") not in labelled:
            yield f"the field {field.get('name')!r} has no label"
    for group in page.select("fieldset"):
        if not (group.select_one("legend") and text_of(group.select("legend")[0])):
            yield f"a group of fields has no legend: {str(group)[:120]}"


def links_and_buttons_have_words(page: BeautifulSoup) -> Iterable[str]:
    for element in page.select("a[href], button"):
        if not text_of(element) and not element.get("aria-label") and not element.select_one("img[alt], svg title"):
            yield f"a link or button says nothing: {str(element)[:120]}"


def nothing_is_inline(page: BeautifulSoup) -> Iterable[str]:
    for element in page.find_all(True):
        for attribute in element.attrs:
            if attribute == "style" or attribute.startswith("on"):
                yield f"<{element.name}> has an inline {attribute}"
    yield from (f"inline style: {str(style)[:80]}" for style in page.select("style"))
    yield from (f"inline script: {str(script)[:80]}" for script in page.select("script:not([src])"))


def everything_comes_from_us(page: BeautifulSoup) -> Iterable[str]:
    for element in page.select("[src], link[href]:not([rel=canonical], [rel=alternate])"):
        address = str(element.get("src") or element.get("href"))
        if re.match(r"([a-z]+:|//)", address):
            yield f"<{element.name}> loads {address}"


def quotation_marks_are_typographic(page: BeautifulSoup) -> Iterable[str]:
    for text in page.find_all(string=re.compile(r"\"|\w'\w")):
        if (
            text.find_parent(["script", "code", "pre", "textarea", "template"]) is None
            and type(text).__name__ == "NavigableString"
        ):
            yield f"straight quotation marks: {text.strip()[:80]}"


def tables_have_headings(page: BeautifulSoup) -> Iterable[str]:
    yield from (
        f"a table has no heading cells: {str(table)[:80]}" for table in page.select("table") if not table.select("th")
    )


RULES: tuple[Rule, ...] = (
    one_heading_that_begins_the_title,
    headings_skip_no_level,
    one_main_part,
    ids_are_unique_and_lead_somewhere,
    pictures_say_what_they_show,
    forms_say_where_they_go,
    fields_have_labels,
    links_and_buttons_have_words,
    nothing_is_inline,
    everything_comes_from_us,
    quotation_marks_are_typographic,
    tables_have_headings,
)


def language_faults(page: BeautifulSoup, path: str) -> Iterable[str]:
    """The language of the document is the one of its address."""
    language = str(page.html.get("lang", "")) if page.html else ""
    wanted = path.split("/")[1]
    if not language:
        yield "the page does not say its language"
    elif wanted in ("fi", "sv", "en") and not language.startswith(wanted):
        yield f"the page says it is in {language!r}"


def header_faults(headers: Headers) -> Iterable[str]:
    policy = headers.get("Content-Security-Policy", "")
    if len(headers.getlist("Content-Security-Policy")) > 1:
        yield "there are several content security policies"
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"the content security policy is {policy!r}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is not nosniff"
