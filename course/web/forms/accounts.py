"""What people type to sign in, and what an administrator says of them. Only the fields named here are ever read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wtforms import (
    BooleanField,
    Form,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from course.domain.account import (
    NAME_MAX,
    PASSWORD_MAX,
    PASSWORD_MIN,
    PasswordFault,
    normal_email,
    normal_person_name,
    password_fault,
)

Say = Callable[..., str]
#: A longer text is never a password of ours, and hashing it would only cost time.
LONGEST_TYPED = 1000


def email_field(say: Say) -> StringField:
    def is_an_address(_form: Form, field: StringField) -> None:
        field.data = normal_email(field.data or "")
        if not field.data:
            raise ValidationError(say("Type a mail address, like name@example.fi."))

    return StringField(say("Mail address"), validators=[is_an_address])


def email_form(say: Say) -> type[Form]:
    """One address, to send a code or a link to."""

    class EmailForm(Form):
        email = email_field(say)

    return EmailForm


def sign_in_form(say: Say) -> type[Form]:
    class SignInForm(Form):
        email = email_field(say)
        password = PasswordField(
            say("Password"),
            validators=[
                validators.InputRequired(say("Type your password.")),
                validators.Length(max=LONGEST_TYPED, message=say("Type your password.")),
            ],
        )

    return SignInForm


def code_form(say: Say, *, required: bool = True) -> type[Form]:
    """A code from a mail, an app or a sheet of paper; or what a passkey answered, which the page's script fills in."""

    def is_given(_form: Form, field: StringField) -> None:
        if required and not (field.data or "").strip():
            raise ValidationError(say("Type the code."))
        if len(field.data or "") > 100:
            raise ValidationError(say("Type the code."))

    class CodeForm(Form):
        code = StringField(say("Code"), validators=[is_given])
        passkey = StringField("")

    return CodeForm


def password_form(say: Say, email: str, *, again: bool) -> type[Form]:
    """A new password; `again` asks for the one in use as well."""

    def is_good(_form: Form, field: PasswordField) -> None:
        sentences = {
            PasswordFault.TOO_SHORT: say("Use at least %(least)s characters.", least=PASSWORD_MIN),
            PasswordFault.TOO_LONG: say("Use at most %(most)s characters.", most=PASSWORD_MAX),
            PasswordFault.TOO_PLAIN: say("Use more different characters: this one is easy to guess."),
            PasswordFault.LIKE_ADDRESS: say("Choose something else than your mail address."),
        }
        fault = password_fault(field.data or "", email)
        if fault is not None:
            raise ValidationError(sentences[fault])

    class PasswordForm(Form):
        new_password = PasswordField(say("New password"), validators=[is_good])

    class ChangeForm(PasswordForm):
        password = PasswordField(
            say("Password now in use"),
            validators=[
                validators.InputRequired(say("Type your password.")),
                validators.Length(max=LONGEST_TYPED, message=say("Type your password.")),
            ],
        )

    return ChangeForm if again else PasswordForm


def account_form(say: Say, languages: Iterable[tuple[str, str]]) -> type[Form]:
    """What people say of themselves."""

    class AccountForm(Form):
        name = StringField(say("Name"), filters=[_as_name])
        language = SelectField(
            say("Language of mails"),
            choices=[SelectChoice(code, name) for code, name in languages],
            validate_choice=True,
        )

    return AccountForm


def person_form(
    say: Say, networks: Iterable[tuple[str, str]], languages: Iterable[tuple[str, str]], *, invites: bool
) -> type[Form]:
    """What an administrator says of somebody; an invitation has the address and the language of its mail as well."""

    # Names of a class's own would hide the arguments.
    network_choices = [SelectChoice(id_, name) for id_, name in networks]
    language_choices = [SelectChoice(code, name) for code, name in languages]

    class PersonForm(Form):
        name = StringField(say("Name"), filters=[_as_name], validators=[_has_text(say("Type the person’s name."))])
        administrator = BooleanField(say("Administrator: sees all networks and looks after people and the site"))
        networks = SelectMultipleField(say("Trainer of these networks"), choices=network_choices)

        def validate_networks(self, field: SelectMultipleField) -> None:
            if invites and not field.data and not self.administrator.data:
                raise ValidationError(say("Choose at least one network, or make the person an administrator."))

    class InvitationForm(PersonForm):
        email = email_field(say)
        language = SelectField(say("Language of the invitation"), choices=language_choices)

    return InvitationForm if invites else PersonForm


def _as_name(typed: str | None) -> str:
    return normal_person_name((typed or "")[: NAME_MAX * 4])


def _has_text(sentence: str) -> Callable[[Form, StringField], None]:
    def check(_form: Form, field: StringField) -> None:
        if not field.data:
            raise ValidationError(sentence)

    return check


def errors_of(form: Form) -> list[tuple[str, str]]:
    """(address of the field, sentence) of everything that is wrong, for the summary above the form."""
    return [(f"#{field.id}", str(sentence)) for field in form for sentence in field.errors]
