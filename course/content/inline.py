"""What stands inside a sentence: `[[term]]`, `[@source: where]`, `{contact}`.

The parser's rules only recognise them. `Registers` say what they mean on a page in one language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from course.content.library import Contact, Source, Term
from course.content.page import Page, once
from course.content.typography import NBSP, plain, shaped
from course.content.wording import wording

TERM = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
CITATION = re.compile(r"\[@([^\[\]]+)\]")
CONTACT = re.compile(r"\{([\w-]+)(?:\.(\w+))?\}")
FORMS = {"term": TERM, "citation": CITATION, "contact": CONTACT}

#: Longer titles are cut at a word, where a citation shows a title.
SHORT_TITLE = 60


def add_inline(md: MarkdownIt) -> None:
    """Teach the parser the three forms. They come before links, which begin with the same bracket."""
    for name, form in FORMS.items():
        md.inline.ruler.before("link", name, _rule(name, form))


def _rule(name: str, form: re.Pattern[str]) -> Callable[[StateInline, bool], bool]:
    first = "{" if name == "contact" else "["

    def recognise(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != first:
            return False
        found = form.match(state.src, state.pos, state.posMax)
        if found is None:
            return False
        if not silent:
            token = state.push(name, "", 0)
            token.meta = {"found": found}
        state.pos = found.end()
        return True

    return recognise


@dataclass(frozen=True)
class Registers:
    """What terms, sources and contacts there are, and how a page in one language shows them."""

    language: str
    terms: Mapping[str, Term]
    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]

    def shape(self, text: str) -> str:
        return escape(shaped(text, self.language), quote=False)

    def term(self, found: re.Match[str], page: Page, line: int) -> tuple[str, str]:
        """(HTML, plain words) of a term."""
        term_id = found[1].strip()
        term = self.terms.get(term_id)
        if term is None:
            fix = "Use an id of modules/glossary.yaml, or add the term there."
            page.problem("unknown-term", line, f"There is no term {term_id}.", fix)
        shown = found[2] or (term.words.get(self.language, term_id) if term else term_id)
        if not page.hidden:
            once(page.terms, term_id)
        return f'<a class="term" href="term:{escape(term_id)}">{self.shape(shown)}</a>', shown

    def citation(self, found: re.Match[str], page: Page, line: int, *, numbered: bool) -> str:
        """A lesson numbers its sources at the end; the words of a question name them."""
        links = []
        for part in found[1].split(";"):
            source_id, _, where = (piece.strip() for piece in part.strip().removeprefix("@").partition(":"))
            if source_id not in self.sources:
                fix = "Use an id of modules/sources.yaml, or add the source there."
                page.problem("unknown-source", line, f"There is no source {source_id}.", fix)
            elif numbered:
                links.append(self._numbered(source_id, where, page))
            else:
                once(page.sources, source_id)
                links.append(self._named(source_id, where))
        if not links:
            return ""
        return f'<sup class="cite">{", ".join(links)}</sup>' if numbered else f"({'; '.join(links)})"

    def _numbered(self, source_id: str, where: str, page: Page) -> str:
        number = page.number(source_id)
        label = f"{wording(self.language).source} {number}" + (f", {plain(where, self.language)}" if where else "")
        return f'<a href="#source-{source_id}" aria-label="{escape(label)}">{number}</a>'

    def _named(self, source_id: str, where: str) -> str:
        title, language = self.sources[source_id].title_in(self.language)
        lang = "" if language == self.language else f' lang="{escape(language)}"'
        # `where` is typed in the reader's language, the title may be in another.
        after = f", {self.shape(where)}" if where else ""
        words = escape(shaped(short(title), language), quote=False)
        return f'<a class="cite" href="source:{source_id}"{lang}>{words}</a>{after}'

    def contact(self, found: re.Match[str], page: Page, line: int) -> tuple[str, str]:
        """(HTML, plain words) of a contact, or of one thing about it."""
        contact = self.contacts.get(found[1])
        if contact is None:
            fix = "Use an id of modules/contacts.yaml, or add the contact there."
            page.problem("unknown-contact", line, f"There is no contact {found[1]}.", fix)
            return escape(found[0]), found[0]
        if not page.hidden:
            once(page.contacts, contact.id)
        shown = self._part(contact, found[2] or "all")
        if shown is None:
            fix = "Use .name, .phone, .email or .web, and only what modules/contacts.yaml has for this contact."
            page.problem("unknown-contact", line, f"The contact {contact.id} has no {found[2]}.", fix)
            return escape(found[0]), found[0]
        href, words = shown
        if not href:
            return f'<span class="contact">{escape(words, quote=False)}</span>', words
        rel = ' rel="noreferrer"' if href.startswith("http") else ""
        link = f'<a href="{escape(href)}"{rel}>{escape(words, quote=False)}</a>'
        return f'<span class="contact">{link}</span>', words

    def _part(self, contact: Contact, part: str) -> tuple[str, str] | None:
        """(address, words) of one part of a contact; None when the contact does not have it."""
        name = plain(contact.name.get(self.language, contact.id), self.language)
        phone = contact.phone.replace(" ", NBSP)
        parts = {
            "name": ("", name),
            "phone": (contact.phone_link, phone),
            "email": (f"mailto:{contact.email}", contact.email),
            "web": (contact.web, contact.web.removeprefix("https://").removeprefix("www.").rstrip("/")),
        }
        if part != "all":
            return parts[part] if part in parts and parts[part][1] else None
        if phone:
            return contact.phone_link, f"{name}, {phone}"
        return (contact.web or (f"mailto:{contact.email}" if contact.email else "")), name


def short(title: str) -> str:
    """A title that fits into a sentence."""
    if len(title) <= SHORT_TITLE:
        return title
    return title[:SHORT_TITLE].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
