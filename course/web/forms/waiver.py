"""Why a trainer passes somebody in a module."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wtforms import Form, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from course.domain.waiver import REASON_MAX, REASON_MIN, normal_reason


def waiver_form(
    say: Callable[..., str], members: Sequence[tuple[str, str]], modules: Sequence[tuple[str, str]]
) -> type[Form]:
    """The form with one of the `members` and one of the `modules`, (value, words) pairs, and the reason."""

    def says_why(_form: Form, field: TextAreaField) -> None:
        if not normal_reason(field.data or ""):
            raise ValidationError(
                say("Write the reason in %(least)s to %(most)s characters.", least=REASON_MIN, most=REASON_MAX)
            )

    class WaiverForm(Form):
        learner = SelectField(
            say("Member"),
            choices=[SelectChoice(value, words) for value, words in members],
            validators=[InputRequired(say("Choose whom you pass."))],
        )
        module = SelectField(
            say("Module"),
            choices=[SelectChoice(value, words) for value, words in modules],
            validators=[InputRequired(say("Choose the module."))],
        )
        reason = TextAreaField(say("Reason"), validators=[says_why])

    return WaiverForm
