"""The strict client itself: each of its rules finds the fault it is there for, and a good page has none."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import Headers

from tests.strict_client import faults_of, header_faults, language_faults, pressed, values_of

GOOD = """<!doctype html><html lang="fi"><head><title>Otsikko – Tunnista ja ohjaa</title>
<meta name="viewport" content="width=device-width"></head><body><a href="#main">Siirry sisältöön</a><main id="main">
<h1>Ot\u00adsik\u00adko</h1><h2>Osa</h2><img src="/a.png" alt=""><svg aria-hidden="true"></svg>
<form action="/a" method="post"><input type="hidden" name="csrf_token" value="t"><label for="n">Nimi</label>
<input id="n" name="name"><fieldset><legend>Valitse</legend>
<label><input type="radio" name="q" value="a"> A</label></fieldset><button>Lähetä</button>
</form><table><tr><th>A</th></tr></table></main></body></html>"""


def faults_with(before: str, after: str) -> list[str]:
    assert before in GOOD
    return faults_of(BeautifulSoup(GOOD.replace(before, after), "html.parser"))


def test_a_good_page_has_no_faults() -> None:
    assert faults_with("", "") == []


def test_an_error_page_may_say_so_in_its_title() -> None:
    assert faults_with("<title>Otsikko", "<title>Virhe: Otsikko") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<title>Otsikko", "<title>Muu"),
        ("<h2>Osa</h2>", "<h1>Toinen</h1>"),
        ("<h2>Osa</h2>", "<h3>Osa</h3>"),
        ('<main id="main">', '<div id="main">'),
        ('name="viewport"', 'name="view"'),
        ("<h2>", '<h2 id="n">'),
        ('href="#main"', 'href="#man"'),
        ('for="n"', 'for="m"'),
        ('id="n"', 'id="n" aria-describedby="hint"'),
        (' alt=""', ""),
        ('<svg aria-hidden="true">', "<svg>"),
        ('action="/a" ', ""),
        ('name="csrf_token"', 'name="token"'),
        ("<button>Lähetä</button>", ""),
        ("<button>Lähetä</button>", "<button></button>"),
        ("<legend>Valitse</legend>", ""),
        ("<label><input", "<input"),
        ("<h2>", '<h2 style="color: red">'),
        ("<h2>", '<h2 onclick="go()">'),
        ("<h2>", "<style>a{}</style><h2>"),
        ("<h2>", "<script>go()</script><h2>"),
        ('src="/a.png"', 'src="https://example.org/a.png"'),
        ('src="/a.png"', 'src="//example.org/a.png"'),
        ("Osa", 'Osa "yksi"'),
        ("Osa", "Osa can't"),
        ("<th>A</th>", "<td>A</td>"),
    ],
)
def test_a_fault_is_found(before: str, after: str) -> None:
    assert len(faults_with(before, after)) >= 1


def test_a_page_in_another_language_than_its_address_is_a_fault() -> None:
    page = BeautifulSoup(GOOD, "html.parser")
    assert list(language_faults(page, "/fi/")) == [] == list(language_faults(page, "/verify/"))
    assert list(language_faults(page, "/sv/progress/")) == ["the page says it is in 'fi'"]


def test_a_page_without_strict_headers_is_a_fault() -> None:
    strict = Headers({"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"})
    assert list(header_faults(strict)) == []
    assert len(list(header_faults(Headers()))) == 2
    strict["Content-Security-Policy"] = "default-src 'none'; script-src 'unsafe-inline'"
    assert len(list(header_faults(strict))) == 1


def test_an_untouched_form_sends_what_a_browser_would_send() -> None:
    form = BeautifulSoup(
        """<form><input type="hidden" name="t" value="1"><input name="name"><textarea name="note">Hei</textarea>
        <input type="radio" name="one" value="a"><input type="radio" name="one" value="b" checked>
        <input type="checkbox" name="many" value="a" checked><input type="checkbox" name="many" value="b" checked>
        <input type="checkbox" name="none" value="a"><input name="off" disabled>
        <select name="place"><option value="">-</option><option value="x" selected>X</option></select>
        <button name="action" value="save">Tallenna</button>
        <button name="action" value="submit">Lähetä</button></form>""",
        "html.parser",
    ).select("form")[0]
    assert values_of(form) == {
        "t": "1", "name": "", "note": "Hei", "one": "b", "many": ["a", "b"], "place": ["x"],
    }  # fmt: skip
    assert pressed(form, "") == {"action": "save"}
    assert pressed(form, "[value=submit]") == {"action": "submit"}
