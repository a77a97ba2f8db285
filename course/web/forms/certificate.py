"""The name on a certificate, and the name that an employer types to check one."""

from __future__ import annotations

from collections.abc import Callable

from wtforms import Form, StringField, ValidationError

from course.domain.certificate import NAME_MAX, normal_name
from course.domain.errors import NameNeeded


def name_form(say: Callable[..., str], unprintable: Callable[[str], str]) -> type[Form]:
    """The form with one text field `name`, whose errors are sentences in the reader's language.

    `unprintable` tells the letters of a name that the certificate's typefaces do not have.
    """

    def is_a_name(_form: Form, field: StringField) -> None:
        try:
            normal_name(field.data or "")
        except NameNeeded as error:
            if not (field.data or "").strip():
                raise ValidationError(say("Type your name as it should stand on the certificate.")) from error
            raise ValidationError(
                say(
                    "Type a name of at most %(most)s characters, in letters. Leave out symbols and line breaks.",
                    most=NAME_MAX,
                )
            ) from error
        letters = unprintable(normal_name(field.data or ""))
        if letters:
            raise ValidationError(
                say(
                    "The certificate has no typeface for these letters: %(letters)s. "
                    "Type your name as your passport has it in Latin letters.",
                    letters=letters,
                )
            )

    class NameForm(Form):
        name = StringField(say("Your name"), validators=[is_a_name])

    return NameForm
