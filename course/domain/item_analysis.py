"""What the answers say of a question: how hard it is, whether it tells knowing from not knowing, which options work,
and whether it is harder in one language than in the others, as it is when its translation has a fault.

Every figure comes with an interval, and none is given for fewer answers than `FEWEST`: with 30 answers a difficulty of
0.5 means anything from 0.33 to 0.67.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import NormalDist

#: Below so many answers no figure is given, for a question or for a language of it.
FEWEST = 30
#: Right answers below and above these shares, and discrimination below this, are looked at.
HARD, EASY, WEAK = 0.4, 0.9, 0.2
#: An option that fewer choose does not work as a distractor.
RARE = 0.05
#: The chance that a question without a fault is flagged as harder in some translation: a little below 5 in 100.
FALSE_ALARMS = 0.045
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


class Flag(StrEnum):
    HARD = "hard"
    EASY = "easy"
    WEAK = "weak"
    RARE_OPTION = "rare-option"
    #: Harder in one language than in the others for people who know as much.
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a question."""

    item: str
    language: str
    #: Ids of the options chosen.
    chosen: tuple[str, ...]
    right: bool
    #: Right answers in the whole attempt, this one included, and questions in it.
    score: int
    of: int


@dataclass(frozen=True, slots=True)
class Estimate:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LanguageTest:
    """How one language does beside all the others, among people with the same score."""

    language: str
    #: The common odds ratio as a logarithm: below 0 it is harder here.
    logit: float
    #: The chance to see so much, were it equally hard.
    p: float


@dataclass(frozen=True, slots=True)
class ItemReport:
    item: str
    answers: int
    #: None while there are too few answers.
    difficulty: Estimate | None
    discrimination: Estimate | None
    by_language: Mapping[str, Estimate] = field(default_factory=dict)
    #: option -> share of the answers that chose it
    options: Mapping[str, Estimate] = field(default_factory=dict)
    harder_in: LanguageTest | None = None
    flags: frozenset[Flag] = frozenset()


def analyse(
    answers: Iterable[Given], options: Mapping[str, Sequence[str]], *, source_language: str
) -> dict[str, ItemReport]:
    """A report for each question. `options` are the options of each, so that one never chosen is seen too.

    The source language is no translation, so only the others are tested for a fault of theirs.
    """
    by_item: defaultdict[str, list[Given]] = defaultdict(list)
    for one in answers:
        by_item[one.item].append(one)
    return {item: _report(item, found, options.get(item, ()), source_language) for item, found in by_item.items()}


def _report(item: str, found: Sequence[Given], options: Sequence[str], source_language: str) -> ItemReport:
    count = len(found)
    if count < FEWEST:
        return ItemReport(item, count, None, None)
    difficulty = wilson(sum(one.right for one in found), count)
    discrimination = _discrimination(found)
    spoken = Counter(one.language for one in found)
    languages = {
        language: wilson(sum(one.right for one in found if one.language == language), n)
        for language, n in sorted(spoken.items())
        if n >= FEWEST
    }
    chosen = Counter(option for one in found for option in one.chosen)
    shares = {option: wilson(chosen[option], count) for option in options}
    harder = _harder_translation(found, sorted(languages), source_language)
    flags = {
        Flag.HARD: difficulty.high < HARD,
        Flag.EASY: difficulty.low > EASY,
        Flag.WEAK: discrimination is not None and discrimination.high < WEAK,
        Flag.RARE_OPTION: any(share.high < RARE for share in shares.values()),
        Flag.LANGUAGE: harder is not None,
    }
    raised = frozenset(flag for flag, is_up in flags.items() if is_up)
    return ItemReport(item, count, difficulty, discrimination, languages, shares, harder, raised)


def wilson(hits: int, count: int) -> Estimate:
    """A share with its 95 % interval, which stays within 0 and 1 and is right for small numbers too."""
    share, z2 = hits / count, _Z95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = _Z95 / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def _discrimination(found: Sequence[Given]) -> Estimate | None:
    """The correlation of being right here with being right in the rest of the attempt; Fisher's interval."""
    pairs = [(float(one.right), (one.score - one.right) / (one.of - 1)) for one in found if one.of > 1]
    if len(pairs) < FEWEST:
        return None
    mean_right, mean_rest = (sum(pair[place] for pair in pairs) / len(pairs) for place in (0, 1))
    together = sum((right - mean_right) * (rest - mean_rest) for right, rest in pairs)
    spread = math.sqrt(
        sum((right - mean_right) ** 2 for right, _ in pairs) * sum((rest - mean_rest) ** 2 for _, rest in pairs)
    )
    if spread == 0:
        return None
    value = together / spread
    middle, half = math.atanh(max(-0.999999, min(0.999999, value))), _Z95 / math.sqrt(len(pairs) - 3)
    return Estimate(value, math.tanh(middle - half), math.tanh(middle + half))


def _harder_translation(found: Sequence[Given], languages: Sequence[str], source_language: str) -> LanguageTest | None:
    """The translation in which the question is harder, if that is more than chance.

    Each is held against all other languages together, on one side only, as a fault makes a question harder; the chance
    of a false alarm is shared among the translations.
    """
    translations = [language for language in languages if language != source_language]
    if len(languages) < 2:
        return None
    known = [one for one in found if one.language in set(languages)]
    tests = [test for language in translations if (test := mantel_haenszel(known, language)) is not None]
    worst = min(tests, key=lambda test: test.p, default=None)
    return worst if worst is not None and worst.p < FALSE_ALARMS / len(translations) else None


def mantel_haenszel(found: Iterable[Given], language: str) -> LanguageTest | None:
    """The test of Mantel and Haenszel for one language beside the others, in layers of people with the same score.

    The score includes the question itself: then it is fair to people who know more or less in one language. None when
    no layer tells anything.
    """
    layers: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in found:
        layers[one.score, one.of][(0 if one.language == language else 2) + (0 if one.right else 1)] += 1
    off = variance = over = under = 0.0
    for right, wrong, other_right, other_wrong in layers.values():
        here, there, total = right + wrong, other_right + other_wrong, right + wrong + other_right + other_wrong
        if not (here and there and right + other_right and wrong + other_wrong):
            continue
        off += right - here * (right + other_right) / total
        variance += here * there * (right + other_right) * (wrong + other_wrong) / (total**2 * (total - 1))
        over += right * other_wrong / total
        under += wrong * other_right / total
    if variance == 0:
        return None
    # Half an answer on each side keeps the ratio of a few answers finite.
    logit = math.log((over + 0.5) / (under + 0.5))
    return LanguageTest(language, logit, _NORMAL.cdf(off / math.sqrt(variance)))
