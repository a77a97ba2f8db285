"""Why an administrator revokes a certificate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wtforms import Form, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from course.services.certificate_register import NOTE_MAX


def revocation_form(say: Callable[..., str], reasons: Sequence[tuple[str, str]]) -> type[Form]:
    """The form with one of the `reasons`, (value, words) pairs, and a `note` for colleagues."""

    class RevocationForm(Form):
        reason = RadioField(
            say("Why is it revoked?"),
            choices=[SelectChoice(value, words) for value, words in reasons],
            validators=[InputRequired(say("Choose why the certificate is revoked."))],
        )
        note = TextAreaField(
            say("Note for administrators"),
            validators=[Length(max=NOTE_MAX, message=say("Write at most %(most)s characters.", most=NOTE_MAX))],
        )

    return RevocationForm
