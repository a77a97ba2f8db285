"""The words of mails about what is kept."""

from __future__ import annotations

from datetime import datetime

from course.content.formats import short_date
from course.services.mail import Letter
from course.services.retention import Keeping
from course.web.site import Site


def keeping_of(site: Site) -> Keeping:
    """What the rules of keeping need of a site."""

    def write(language: str, removes_at: datetime) -> Letter:
        return removal_letter(site, language if language in site.library.languages else "en", removes_at)

    return Keeping(site.store, site.periods, site.instance, write)


def removal_letter(site: Site, language: str, removes_at: datetime) -> Letter:
    """Told beforehand: the account was not used for long, and on that day it goes."""
    title, day = site.library.title[language], short_date(removes_at, language)
    link = site.outside("home", lang=language)
    paragraphs = (
        site.say(
            language,
            "Your account on %(site)s was not used for a long time. It will be removed on %(day)s.",
            site=title,
            day=day,
        ),
        site.say(language, "If you want to keep it, sign in before that day:"),
        f"    {link}",
        site.say(language, "If you do not need it any more, you need not do anything."),
    )
    subject = site.say(language, "Your account will be removed on %(day)s", day=day)
    return Letter(subject, "\n\n".join(paragraphs) + "\n")
