"""Made-up data for every page template.

The texts are Finnish and long on purpose: a page that holds these compounds at 320 px holds anything.
"""

from __future__ import annotations

from wtforms import Form, StringField

from course.web.pages import (
    AttemptRow,
    ContactCard,
    CourseMap,
    Frame,
    LanguageChoice,
    LessonLink,
    Link,
    QuizState,
    SourceNote,
    Station,
    TermCard,
)
from course.web.pages_certificates import CertificateCard, StandingView

PAGES = (
    "home",
    "progress",
    "handbook",
    "glossary",
    "tools",
    "contacts",
    "sources",
    "certificate",
    "verify",
    "accessibility",
    "privacy",
    "quick_exit_info",
)
TITLES = (
    "Miksi tämä koskee sinua",
    "Mitä ihmiskauppa on",
    "Muodot ja kontrolli",
    "Tunnusmerkit",
    "Trauma, luottamus ja kulttuuri",
    "Puheeksi ottaminen",
    "Turvallisuus",
    "Suostumus, salassapito ja kirjaaminen",
    "Ohjaaminen vaihe vaiheelta",
    "Lapset ja nuoret",
    "Apu, luvat ja pitkäaikainen tuki",
    "Rikosprosessi, hyvitys ja yhteistyö",
)
SUMMARY = (
    "Uhri voi tulla vastaan missä tahansa työssä. Saat kuvan ilmiöstä, tunnistamis- ja ohjausmekanismista "
    "ja omasta paikastasi ketjussa."
)
MODULE = Link("Mitä ihmiskauppa on", "/fi/modules/what-is-human-trafficking/")
SECTION = Link("Kiskonnantapainen työsyrjintä ja ihmiskauppa", "/fi/modules/m/l/#neighbouring")
STATES = {"passed": "Läpäisty", "started": "Kesken", "open": "Avoinna", "locked": "Ei vielä auki"}


def frame(here: str = "") -> Frame:
    return Frame(
        lang="fi",
        site_title="Tunnista ja ohjaa",
        subtitle="Ihmiskaupan uhrin tunnistaminen ja ohjaaminen avun piiriin",
        edition="2026.1",
        languages=(
            LanguageChoice("fi", "Suomi", "/fi/", True),
            LanguageChoice("sv", "Svenska", "/sv/", False),
            LanguageChoice("en", "English", "/en/", False),
        ),
        urls={name: f"/fi/{name}/" for name in PAGES},
        exit_url="https://www.ilmatieteenlaitos.fi/",
        notice="",
        assets={
            "css": "/static/course.css",
            "js": "/static/app.js",
            "icon": "/static/icon.svg",
            "font": "/static/fonts/polku-sans-latin-wght.woff2",
        },
        here=here,
    )


def station(number: int, state: str) -> Station:
    return Station(
        number=number,
        id=f"module-{number}",
        title=TITLES[number - 1],
        summary=SUMMARY,
        minutes=35,
        url=f"/fi/modules/module-{number}/",
        state=state,
        state_word=STATES[state],
        lessons_done={"passed": 5, "started": 2}.get(state, 0),
        lessons_total=5,
        locked_reason=f"Avautuu, kun olet läpäissyt moduulin ”{TITLES[max(number - 2, 0)]}”."
        if state == "locked"
        else "",
    )


def course_map(total: int = 12, passed: int = 3) -> CourseMap:
    """A course of `total` stations of which the first `passed` are behind the learner."""
    states = ["passed"] * passed + ["started"] + ["locked"] * total
    return CourseMap(
        to_certificate=max(total - passed, 0),
        stations=tuple(station(number + 1, states[number]) for number in range(total)),
        passed=passed,
        total=total,
        minutes_left=35 * (total - passed),
        planned=TITLES[total:],
    )


def lessons(current: int = -1) -> tuple[LessonLink, ...]:
    titles = (
        "Teko, keino ja tarkoitus",
        "Askel askeleelta",
        "Alle kahdeksantoistavuotias uhri",
        "Kiskonnantapainen työsyrjintä ja muut lähirikokset",
        "Sinä et päätä nimestä",
    )
    return tuple(LessonLink(title, f"/fi/modules/m/{n}/", 6 + n, n < 2, n == current) for n, title in enumerate(titles))


def quiz_state(state: str = "none") -> QuizState:
    words = {"none": "Ei vielä tehty", "open": "Kesken", "failed": "Ei vielä läpi", "passed": "Läpäisty 90 %"}
    return QuizState("/fi/modules/m/quiz/", state, words[state], 6, 80)


def sources() -> tuple[SourceNote, ...]:
    law = "Rikoslaki 39/1889, 25 luku 3 § ja 3 a §"
    return (
        SourceNote("l1", 1, law, "", "Finlex", "2024", "22.11.2026", "https://www.finlex.fi/"),
        SourceNote("w-stat", 2, "Human trafficking in Finland", "en", "Migri", "", "22.11.2026", ""),
        SourceNote("w-faq", 3, "Usein kysyttyjä kysymyksiä", "", "Auttamisjärjestelmä", "2024", "22.11.2026", ""),
    )


BODY = """
<p>Ihmiskauppa on rikos, jossa ihminen otetaan toisen valtaan<sup class="cite"><a href="#source-l1">1</a></sup>.
Sinun ei tarvitse tietää, mikä rikos on kyseessä. Riittää, että huomaat ja kysyt.</p>
<h2 id="act-means">Teko, keino ja tarkoitus</h2>
<p>Rikoksessa on kolme osaa. <a class="term" href="/fi/glossary/#exploitation">Hyväksikäyttö</a> on tarkoitus,
ja keino voi olla näkymätön. <strong>Kiskonnantapainen työsyrjintä</strong> on lähirikos, jonka raja on liukuva.
Vuonna 2023 auttamisjärjestelmään otettiin 337 uutta asiakasta<sup class="cite"><a
href="#source-w-stat">2</a></sup>.</p>
<div class="block block-key-point"><p>Merkki on hälytyskello, ei todiste. Yksi merkki riittää siihen, että kysyt
neuvoa.</p></div>
<div class="table-wrap" tabindex="0" role="group" aria-label="Kolme
osaa"><table><thead><tr><th>Osa</th><th>Mitä se on</th>
<th>Esimerkki</th></tr></thead><tbody><tr><td>Teko</td><td>Värvätään, kuljetetaan tai majoitetaan</td><td>Ottaa
töihin</td></tr><tr><td>Keino</td><td>Erehdytetään, painostetaan tai käytetään hyväksi
turvattomuutta</td><td>Velka</td> </tr><tr><td>Tarkoitus</td><td>Pakkotyö tai muut ihmisarvoa loukkaavat
olosuhteet</td><td>Ravintola</td></tr></tbody></table></div>
<div class="block block-content-note"><p>Seuraavassa kohdassa kerrotaan lyhyesti väkivallasta. Voit ohittaa
sen.</p></div>
<div class="block block-case"><p class="block-title">Hyvä ystävä hoitaa raha-asiat</p><p>Kuvitteellinen tapaus.
Jarilla on kehitysvamma. Hän asuu ”ystävän” luona ja nukkuu kylmässä varastossa. Ystävä tulee mukaan joka
tapaamiseen.</p>
<p><strong>Mitä teet?</strong> Järjestät hetken Jarin kanssa kahden. Kysyt neuvoa etkä syytä ystävää.</p></div>
<h2 id="neighbouring">Ihmiskauppa ja lähirikokset</h2>
<p>Soita: <span class="contact">Ihmiskaupan uhrien auttamisjärjestelmä, <a href="tel:+358295463177">029 546
3177</a></span>. Voit kysyä neuvoa ilman nimiä.</p>
<div class="block block-practice"><p class="block-title">Ennen kuin luet</p><p>Mikä sana kuvaisi tätä tilannetta
sinun työpaikallasi? Kirjoita se paperille.</p><details class="answer"><summary>Näytä vastaus</summary><p>Moni
sana käy. Tärkeintä on, että sana ei leimaa ketään.</p></details></div>
<div class="block block-myth"><p class="block-title">”Uhri pyytää kyllä apua, jos hän tarvitsee
sitä.”</p><p>Moni ei pidä itseään uhrina. Pelko, velka ja häpeä vaientavat, ja luottamus syntyy
hitaasti.</p></div>
<div class="block block-checklist"><p class="block-title">Katso näitä</p><ul><li>Kuka puhuu hänen
puolestaan?</li> <li>Kenellä on passi ja puhelin?</li><li>Missä hän nukkuu, ja kuka pitää
avaimia?</li></ul></div>
<div class="block block-reflect"><p class="block-title">Mieti hetki</p><p>Milloin viimeksi epäilit jotain, mutta
et kysynyt?</p></div>
<h3>Tarkemmin</h3><ul><li>Ensimmäinen kohta on tässä.</li><li>Toinen kohta on vähän pidempi.</li></ul>
<div class="block block-tomorrow"><p class="block-title">Tee tämä huomenna</p><ul><li>Tallenna
auttamisjärjestelmän numero puhelimeesi.</li><li>Kysy työpaikalta, kenelle epäilystä kerrotaan.</li></ul></div>
"""


def attempts() -> tuple[AttemptRow, ...]:
    return (AttemptRow(1, 67, False, "20.11.2026", "/fi/a/1/"), AttemptRow(2, 90, True, "22.11.2026", "/fi/a/2/"))


def certificate() -> CertificateCard:
    return CertificateCard(
        "Aino-Kaarina Mäki-Petäjäniemi",
        "Yhteinen osuus",
        "2026.1",
        "22.11.2026",
        "",
        "K7QF-2M4X-9DHT",
        standing(),
        "/fi/c.pdf",
        "/fi/c.jwt",
        "/verify/K",
        "/fi/c/name",
        (("Todistuksen nimi", "Tunnista ja ohjaa: Yhteinen osuus"), ("Tunnus", "K7QF-2M4X-9DHT")),
    )


def standing(state: str = "valid") -> StandingView:
    title = "Tämä todistus on aito ja voimassa"
    return StandingView(state, "good", "done", "Voimassa", title, "Sen on antanut tämä sivusto.")


def contacts() -> tuple[ContactCard, ...]:
    when = "Soita, kun epäilet ihmiskauppaa, kun et ole varma tai kun haluat ohjata asiakkaan avun piiriin."
    return (
        ContactCard(
            "emergency",
            "Hätänumero",
            "Soita heti, jos joku on vaarassa.",
            "112",
            "tel:112",
            "",
            "",
            "",
            "",
            "",
            (),
            "22.11.2026",
        ),
        ContactCard(
            "assistance-system",
            "Ihmiskaupan uhrien auttamisjärjestelmä",
            when,
            "029 546 3177",
            "tel:+358295463177",
            "ihmiskauppa.auttamisjarjestelma@migri.fi",
            "https://ihmiskauppa.fi",
            "Joka päivä ympäri vuorokauden",
            "Suomi, ruotsi ja englanti; muihin kieliin järjestetään tulkki",
            "",
            ("hinta",),
            "22.11.2026",
        ),
    )


def terms() -> tuple[TermCard, ...]:
    meaning = "Aika, jonka uhri saa miettiä, tekeekö hän yhteistyötä viranomaisten kanssa."
    words = ("harkinta-aika", "ihmiskaupan uhri", "kiskonnantapainen työsyrjintä", "oleskelulupa", "turvakoti")
    others = (("Svenska", "betänketid"), ("English", "reflection period"))
    return tuple(TermCard(f"term-{n}", word, meaning, others, n % 2 == 0) for n, word in enumerate(words))


class NameForm(Form):
    name = StringField("Nimesi todistukseen")


def name_form(error: str = "") -> NameForm:
    form = NameForm(name="")
    form.name.errors = [error] if error else []
    return form
