"""Every page template with a context of made-up data, for previews and for tests of the components."""

from __future__ import annotations

from typing import Any

from course.web.pages import Link, ModuleProgress
from course.web.pages_certificates import CheckView
from tests.web.sample_data import (
    BODY,
    MODULE,
    TITLES,
    attempts,
    certificate,
    contacts,
    course_map,
    frame,
    lessons,
    name_form,
    quiz_state,
    sources,
    standing,
    station,
    terms,
)

#: Template, context.
Page = tuple[str, dict[str, Any]]


IN_MODULE = {"station": station(2, "started"), "csrf": "token"}
IN_QUIZ = {"module": MODULE, "module_id": "what-is-human-trafficking", "csrf": "token"}
REVIEW_SLOTS = {"questions_slot": "", "reread_slot": ""}
SLOTS = {"contents_slot": "", "actions_slot": ""}
LEARNING_PAGES: dict[str, Page] = {
    "front": ("front.html", {"frame": frame("home"), "course_map": course_map(), "resume": lessons()[2], "tools": ()}),
    "front-new": ("front.html", {"frame": frame("home"), "course_map": course_map(3, 0), "resume": None, "tools": ()}),
    "module": (
        "module.html",
        {
            **IN_MODULE,
            "objectives": ["Osaat etsiä tapauksesta keinon, teon ja tarkoituksen.", "Erotat lähirikokset."],
            "lessons": lessons(),
            "quiz": quiz_state(),
            "previous": Link(TITLES[0], "/p"),
            "next": Link(TITLES[7], "/n"),
        },
    ),
    "lesson": (
        "lesson.html",
        {
            "title": "Kiskonnantapainen työsyrjintä ja muut lähirikokset",
            "body_html": BODY,
            "minutes": 7,
            "sections": (
                Link("Teko, keino ja tarkoitus", "#act-means"),
                Link("Ihmiskauppa ja lähirikokset", "#neighbouring"),
            ),
            "sources": sources(),
            "module": MODULE,
            "module_number": 2,
            "lesson_number": 4,
            "lesson_total": 5,
            "previous": lessons()[2],
            "next": lessons()[4],
            "place_url": "/fi/place",
            **SLOTS,
        },
    ),
    "quiz-start": (
        "quiz_start.html",
        {
            **IN_MODULE,
            "quiz": quiz_state("failed"),
            "attempts_slot": "",
            "start_url": "/s",
            "bank_size": 18,
            "locked_reason": "",
        },
    ),
    "quiz": (
        "quiz.html",
        {
            **IN_QUIZ,
            "attempt_number": 2,
            "questions_slot": "",
            "total": 5,
            "save_url": "/save",
            "form_url": "/form",
            "errors": [("means", "Kysymys 2 on vailla vastausta. Merkitse kaikki oikeat vaihtoehdot.")],
            "unanswered": True,
            "saved_note": "Tallennettu 14.05",
            "conflicts": True,
        },
    ),
    "attempt": (
        "attempt.html",
        {
            **IN_QUIZ,
            **REVIEW_SLOTS,
            "percent": 67,
            "pass_mark": 80,
            "passed": False,
            "right": 1,
            "total": 4,
            "next": None,
            "retry_url": "/retry",
            "certificate": None,
            "date": "22.11.2026 klo 14.05",
        },
    ),
    "attempt-passed": (
        "attempt.html",
        {
            **IN_QUIZ,
            **REVIEW_SLOTS,
            "percent": 90,
            "pass_mark": 80,
            "passed": True,
            "right": 4,
            "total": 4,
            "next": Link(TITLES[2], "/n"),
            "retry_url": "/retry",
            "certificate": Link("", "/c"),
            "date": "22.11.2026",
        },
    ),
}


ROWS = tuple(
    ModuleProgress(
        one, lessons(), quiz_state("passed" if one.state == "passed" else "none"), attempts()[: 3 - one.number]
    )
    for one in course_map(4, 1).stations
)
NAMING = {
    "course_map": course_map(3, 3),
    "form_url": "/f",
    "csrf": "token",
    "hours": "7",
    "track": "Yhteinen osuus",
}
OWN = {"course_map": course_map(4, 1), "modules": ROWS, "resume_link_url": "/r", "csrf": "token"}
OWN_PAGES: dict[str, Page] = {
    "progress": ("progress.html", {**OWN, "resume": lessons()[2], "certificates": (certificate(),), "known": True}),
    "progress-empty": ("progress.html", {**OWN, "resume": None, "certificates": (), "known": False}),
    "resume-made": (
        "resume_made.html",
        {
            "link": "https://tunnista.example/resume/9fK2-mX71-qL0p-77Zt-abcdefghij",
            "valid_until": "22.12.2026",
            "csrf": "token",
            "qr_svg": '<svg viewBox="0 0 8 8" role="img" aria-label="QR"><path d="M0 0h3v3H0zM5 0h3v3H5z"/></svg>',
            "end_url": "/end",
        },
    ),
    "resume-confirm": ("resume_confirm.html", {"form_url": "/f", "csrf": "token", "joins": True}),
    "certificate-missing": (
        "certificate.html",
        {**NAMING, "missing": (MODULE,), "form": name_form(), "certificates": ()},
    ),
    "certificate-name": (
        "certificate.html",
        {**NAMING, "missing": (), "form": name_form("Kirjoita nimesi."), "certificates": ()},
    ),
    "certificate-held": (
        "certificate.html",
        {**NAMING, "missing": (), "form": name_form(), "certificates": (certificate(),)},
    ),
}


CHAPTERS = [
    (station(n, "open"), [("Teko, keino ja tarkoitus", f"lesson-{n}", "<p>Teksti, jossa on kappale.</p>")])
    for n in (1, 2, 8)
]
FACTS = (("Koulutus", "Tunnista ja ohjaa, yhteinen osuus"), ("Annettu", "22.11.2026"))
CHECK: dict[str, Any] = {
    "code": "K7QF-2M4X-9DHT",
    "check": None,
    "file": None,
    "file_error": "",
    "file_url": "/verify/file",
    "statement_url": "/verify/statement",
    "keys_url": "/verify/keys.json",
    "csrf": "token",
    "wish": "",
}
RESEND = {"url": "/again", "fields": [("action", "save"), ("certainty", "option-1")]}
PLAIN_PAGES: dict[str, Page] = {
    "verify": ("verify.html", {**CHECK, "code": ""}),
    "verify-valid": (
        "verify.html",
        {**CHECK, "check": CheckView("K7QF-2M4X-9DHT", standing(), FACTS, name_result="no-match")},
    ),
    "verify-unknown": (
        "verify.html",
        {**CHECK, "check": CheckView("K7QF-2M4X-9DHT", standing("unknown"), (), asks_name=False)},
    ),
    "handbook": ("handbook.html", {"frame": frame("handbook"), "chapters": CHAPTERS, "sources": sources()}),
    "glossary": ("glossary.html", {"frame": frame("glossary"), "terms": terms()}),
    "contacts": ("contacts.html", {"frame": frame("contacts"), "contacts": contacts()}),
    "sources": ("sources.html", {"sources": sources()}),
    "text": (
        "text.html",
        {
            "title": "Saavutettavuusseloste",
            "body_html": "<h2>Väliotsikko</h2><p>Lisää.</p>",
            "updated": "22.11.2026",
        },
    ),
    "error": (
        "error.html",
        {
            "title": "Sivua ei löydy",
            "what": "Osoite voi olla vanha.",
            "todo": "Palaa kurssikartalle.",
            "reference": "",
            "resend": None,
            "csrf": "token",
        },
    ),
    "error-resend": (
        "error.html",
        {
            "title": "Emme voineet tallentaa",
            "what": "Istunto oli vanhentunut.",
            "todo": "Lähetä vastaukset uudelleen.",
            "reference": "7f3a",
            "resend": RESEND,
            "csrf": "token",
        },
    ),
}


def sample_pages() -> dict[str, Page]:
    """Name of the sample -> its template and context; `frame` is filled in where the sample does not bring its own."""
    pages = LEARNING_PAGES | OWN_PAGES | PLAIN_PAGES
    return {name: (template, {"frame": frame(), **context}) for name, (template, context) in pages.items()}
