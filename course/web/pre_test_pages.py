"""The questions before and after the course as their pages, the front page and the staff pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from course.content.formats import number, percent
from course.domain.gain import Form, GroupGain, Pair, Stage
from course.services.attempts import AttemptView
from course.services.gain import Standing, pre_test_of
from course.web.gain_chart import GainBar, gain_chart
from course.web.pages_pre_test import GainView, Offer, PreTestView
from course.web.prepared import Piece, Prepared, short, slot
from course.web.presenting import Presenter
from course.web.question_fields import NOTHING_TOLD, QuestionFields, Told
from course.web.quiz_parts import QuizParts
from course.web.reviewed_questions import ReviewedQuestions, verdict_of

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class GainPresenter:
    """Results in words and as a drawing, for one language."""

    presenter: Presenter

    def own(self, pair: Pair) -> GainView:
        return self._view(pair.before, pair.after, pair.after - pair.before)

    def group(self, found: GroupGain | None) -> GainView | None:
        """With the interval drawn on the bar of now, where it stands beside what the group knew before."""
        if found is None:
            return None
        interval = self.presenter.say(
            "%(low)s to %(high)s percentage points", low=self._signed(found.low), high=self._signed(found.high)
        )
        people = number(found.people, self.presenter.language)
        whisker = (found.before + found.low, found.before + found.high)
        return self._view(found.before, found.after, found.gain, people, interval, whisker)

    def _view(
        self,
        before: int,
        after: int,
        gain: int,
        people: str = "",
        interval: str = "",
        whisker: tuple[int | None, int | None] = (None, None),
    ) -> GainView:
        say, language = self.presenter.say, self.presenter.language
        then, now = percent(before, language), percent(after, language)
        bars = (
            GainBar(say("Before the course"), before, then),
            GainBar(say("Now") if not people else say("After the course"), after, now, *whisker),
        )
        title = say("Before the course %(before)s, after it %(after)s", before=then, after=now)
        points = say("%(gain)s percentage points", gain=self._signed(gain))
        return GainView(gain_chart(title, bars), then, now, points, people, interval)

    def _signed(self, points: int) -> str:
        return f"+{points}" if points > 0 else f"{MINUS}{-points}" if points < 0 else "0"


@dataclass(frozen=True, slots=True)
class PreTestPresenter:
    presenter: Presenter

    @property
    def url(self) -> str:
        return self.presenter.site.url("pre_test", lang=self.presenter.language)

    def offer(self, standing: Standing | None) -> Offer | None:
        """What there is to do about the questions; None when there is nothing."""
        if standing is None:
            return None
        say, asked = self.presenter.say, pre_test_of(self.presenter.library)
        about = {"questions": asked.questions, "minutes": asked.minutes}
        skip = say("%(questions)s questions, about %(minutes)s minutes. Skip it if you like.", **about)
        known, now = say("Try what you know"), say("What do you know now?")
        offers = {
            Stage.OFFERED: (known, skip, say("Look at the questions")),
            Stage.UNDER_WAY: (
                now if standing.form is Form.AFTER else known,
                say("You have begun. Your answers are saved."),
                say("Go on with the questions"),
            ),
            Stage.READY: (now, skip, say("See what has changed")),
        }
        return Offer(*offers[standing.stage], self.url) if standing.stage in offers else None

    def line(self, standing: Standing) -> Offer | None:
        """The same on My progress, with what came of it; None for somebody who came too late for it."""
        say, language = self.presenter.say, self.presenter.language
        if self.presenter.library.pre_test is None:
            return None
        if standing.pair is not None:
            before, now = percent(standing.pair.before, language), percent(standing.pair.after, language)
            told = say(
                "Before the course you had %(before)s of the points, and after it %(after)s.", before=before, after=now
            )
            return Offer("", told, say("See what has changed"), self.url)
        if standing.stage is Stage.WAITING:
            known = percent(standing.before or 0, language)
            told = say("Before the course you had %(percent)s of the points.", percent=known)
            return Offer("", told, say("What comes after it"), self.url)
        return self.offer(standing)

    def view(self, standing: Standing) -> PreTestView:
        asked, pair = pre_test_of(self.presenter.library), standing.pair
        gain = pair.after - pair.before if pair else 0
        return PreTestView(
            stage=standing.stage.value,
            questions=asked.questions,
            minutes=asked.minutes,
            before="" if standing.before is None else percent(standing.before, self.presenter.language),
            gain=GainPresenter(self.presenter).own(pair) if pair else None,
            direction="" if pair is None else "up" if gain > 0 else "down" if gain < 0 else "level",
            start_url=self.presenter.site.url("start_pre_test", lang=self.presenter.language),
        )


@dataclass(frozen=True, slots=True)
class FormPages:
    """A form under way, and the second one after it was handed in."""

    _parts: QuizParts

    def open(self, form: Form, view: AttemptView, token: str, told: Told | None = None) -> list[Piece]:
        total = len(view.questions)
        if told is None:
            frame = self._parts.frame(lambda: self._frame(form, total, NOTHING_TOLD), "pre-test", form, total)
        else:
            frame = Prepared(self._frame(form, total, told))
        questions = QuestionFields(self._parts).all(view, told or NOTHING_TOLD)
        attempt = [short(str(view.attempt.number))]
        return frame.filled({"token": [Piece.once(token)], "attempt": attempt, "questions": questions})

    def _frame(self, form: Form, total: int, told: Told) -> str:
        site, language = self._parts.site, self._parts.language
        return self._parts.rendered(
            "pre_test_form.html",
            second=form is Form.AFTER,
            module_id=form.value,
            attempt_number=slot("attempt"),
            questions_slot=slot("questions"),
            total=total,
            save_url=site.url("save_pre_test", lang=language, form=FORM_NAMES[form]),
            form_url=site.url("answer_pre_test", lang=language, form=FORM_NAMES[form]),
            csrf=slot("token"),
            errors=list(told.errors.items()),
            unanswered=told.unanswered,
            saved_note=self._parts.quiz.presenter.say("Your answers are saved.") if told.saved else "",
            conflicts=bool(told.conflicts),
        )

    def done(self, page: str, view: AttemptView) -> list[Piece]:
        """The page of the result with the questions of the second form, and why."""
        reviewed, verdicts = ReviewedQuestions(self._parts), [verdict_of(asked) for asked in view.questions]
        return Prepared(page).filled(
            {"reread": reviewed.reread(view, verdicts), "questions": reviewed.all(view, verdicts)}
        )


#: What the forms are called in addresses.
FORM_NAMES = {Form.BEFORE: "before", Form.AFTER: "after"}
FORMS = {name: form for form, name in FORM_NAMES.items()}
