"""Tools: the referral navigator answers everything it asks, and the indicator checklist is complete."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.cases import sections_of
from course.content.check.parity import word_faults
from course.content.check.registry import Checked, Fault, rule
from course.content.package import INDICATORS, REFERRAL, in_language
from course.content.resting import resting_in_tools
from course.domain.referral import Part, missing_parts, situations


@rule("tool-rests", essential=True)
def tool_rests(checked: Checked) -> Iterator[Fault]:
    """All that a tool says rests on a section and on sources that are there."""
    known = sections_of(checked)
    for path, keys, section, sources in resting_in_tools(checked.package):
        if section not in known:
            line = checked.line(path, *keys, "section")
            yield Fault(path, line, f"There is no section {section}.", "Use the id of a heading: ## … {#id}.")
        for source in sources:
            if source not in checked.package.sources:
                line = checked.line(path, *keys, "sources")
                yield Fault(path, line, f"There is no source {source}.", "Use an id of modules/sources.yaml.")


@rule("tool-words", essential=True)
def tool_words(checked: Checked) -> Iterator[Fault]:
    """All that a tool asks and says has words in every language, and nothing else has."""
    yield from _referral_words(checked)
    yield from _indicators_words(checked)


def _referral_words(checked: Checked) -> Iterator[Fault]:
    key = checked.package.referral
    for language, words in checked.package.referral_words.items() if key else ():
        assert key is not None
        path = in_language(REFERRAL, language)
        asked = {question.id: question.options for question in key.questions}
        yield from word_faults(checked, path, ("questions",), "question", list(asked), words.questions)
        for name in words.questions:
            if name in asked:
                at = ("questions", name, "options")
                yield from word_faults(checked, path, at, "option", asked[name], words.questions[name].options)
        yield from word_faults(checked, path, ("advice",), "advice", [one.id for one in key.advice], words.advice)


def _indicators_words(checked: Checked) -> Iterator[Fault]:
    key = checked.package.indicators
    for language, words in checked.package.indicators_words.items() if key else ():
        assert key is not None
        path = in_language(INDICATORS, language)
        signs = {setting.id: setting.signs for setting in key.settings}
        yield from word_faults(checked, path, ("settings",), "setting", list(signs), words.settings)
        for name in words.settings:
            if name in signs:
                at = ("settings", name, "signs")
                yield from word_faults(checked, path, at, "sign", signs[name], words.settings[name].signs)
        yield from word_faults(checked, path, ("everywhere",), "sign", key.everywhere, words.everywhere)
        texts = {"means": words.means, "means_not": words.means_not, "then": words.then}
        for kind, readings in key.readings():
            yield from word_faults(checked, path, (kind,), "sentence", [one.id for one in readings], texts[kind])


@rule("referral-when", essential=True)
def referral_conditions(checked: Checked) -> Iterator[Fault]:
    """Advice depends only on what is asked, and only a call names a contact: one that is there."""
    key = checked.package.referral
    asked = {question.id: question.options for question in key.questions} if key else {}
    for advice in key.advice if key else ():
        for question, answers in advice.when.items():
            for answer in answers:
                if answer not in asked.get(question, ()):
                    line = checked.line(REFERRAL, "advice", advice.id, "when")
                    yield Fault(REFERRAL, line, f"Nothing asks for {question}: {answer}.", "Correct `when`.")
        if (advice.part is Part.CALL) != bool(advice.contact):
            line = checked.line(REFERRAL, "advice", advice.id)
            yield Fault(REFERRAL, line, f"{advice.id} calls nobody.", "A `part: call` has a contact; no other has.")
        elif advice.contact and advice.contact not in checked.package.contacts:
            line = checked.line(REFERRAL, "advice", advice.id, "contact")
            yield Fault(REFERRAL, line, f"There is no contact {advice.contact}.", "Use an id of modules/contacts.yaml.")


@rule("referral-complete")
def referral_answers(checked: Checked) -> Iterator[Fault]:
    """Every combination in the navigator has an answer with calls, steps, words, what to avoid and what to write."""
    key = checked.package.referral
    if key is None:
        return
    rules = key.rules()
    asked = {question.id for question in key.questions}
    if any(name not in asked for one in rules for name in one.when):
        return
    missing: dict[Part, list[str]] = {}
    for situation in situations(key.asked()):
        for part in missing_parts(rules, situation):
            missing.setdefault(part, []).append(", ".join(f"{name}: {said}" for name, said in situation.items()))
    for part, found in missing.items():
        what = f"{len(found)} combinations have nothing of the part {part.value}, first {found[0]}."
        yield Fault(REFERRAL, checked.line(REFERRAL, "advice"), what, f"Add advice with part: {part.value}.")
