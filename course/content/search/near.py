"""Which words of the course a typed word may mean: itself in another form, a compound with it, or one mistyped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from course.content.search.stems import related, stem, variants
from course.content.search.words import without_dots

#: How sure it is that a word of the course is meant.
SAME_FORM = 1.0
SAME_STEM = 0.95
SAME_WORD = 0.85
LIKE_WORD = 0.75
DERIVED = 0.55
LAST_PART = 0.5
FIRST_PART = 0.45
INNER_PART = 0.3
PART_OF_TYPED = 0.6
HEAD_OF_TYPED = 0.25
NO_DOTS = 0.85
ONE_SLIP = 0.7
TWO_SLIPS = 0.5
#: Added for the very word that the typed one is near to, above its other forms.
NEAREST = 0.05

#: Shorter stems stand inside too many words by chance.
SHORTEST_PART = 4
SHORTEST_INNER = 5
LONG_BEGINNING = 7
#: From so many letters on a word may have two slips.
TWO_SLIPS_FROM = 8
SHORTEST_MISTYPED = 5


class Vocabulary:
    """The words of the course in one language."""

    def __init__(self, language: str, stems: Mapping[str, str], often: Mapping[str, int]) -> None:
        """`stems`: form -> stem. `often`: form -> in how many documents it stands."""
        self._language = language
        self._stems = stems
        self._often = often
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._dotless: dict[str, list[str]] = defaultdict(list)
        self._by_pair: dict[str, set[str]] = defaultdict(set)
        self._by_beginning: dict[str, set[str]] = defaultdict(set)
        for form, stemmed in stems.items():
            self._by_stem[stemmed].append(form)
            self._by_beginning[stemmed[:SHORTEST_PART]].add(stemmed)
            self._dotless[without_dots(form)].append(form)
        #: Every stem on a line of its own: one search through a long text is faster than thousands through short ones.
        self._lines = "\n" + "\n".join(self._by_stem) + "\n"
        for form in self._dotless:
            for pair in _pairs(form):
                self._by_pair[pair].add(form)

    def meant(self, typed: str) -> dict[str, float]:
        """Form of the course -> how sure it is that it is meant. Nothing when no word is near."""
        if typed[0].isdigit():
            return {typed: SAME_FORM} if typed in self._stems else {}
        found = self._same_word(typed)
        for form, sure in self._compounds(typed):
            found[form] = max(found.get(form, 0.0), sure)
        if found and self._language != "en":
            for form in self._heads(typed):
                found.setdefault(form, HEAD_OF_TYPED)
        return found

    def guessed(self, typed: str) -> list[dict[str, float]]:
        """The same for a word that is unknown: what it is when a slip is mended, else each part that it has."""
        mended = self._mended(typed)
        return [mended] if mended else self._parts(typed)

    def _same_word(self, typed: str) -> dict[str, float]:
        stemmed = stem(typed, self._language)
        found = dict(self._related(stemmed))
        for one in variants(stemmed, self._language):
            found.update(dict.fromkeys(self._by_stem.get(one, ()), SAME_WORD))
        found.update(dict.fromkeys(self._by_stem.get(stemmed, ()), SAME_STEM))
        if typed in self._stems:
            found[typed] = SAME_FORM
        return found

    def _related(self, stemmed: str) -> Iterator[tuple[str, float]]:
        for other in self._by_beginning.get(stemmed[:SHORTEST_PART], ()):
            same, derived = related(stemmed, other, self._language)
            if same or derived:
                yield from ((form, LIKE_WORD if same else DERIVED) for form in self._by_stem[other])

    def _compounds(self, typed: str) -> Iterator[tuple[str, float]]:
        """Words with the typed one as their last, first or inner part."""
        stemmed = stem(typed, self._language)
        if len(stemmed) < SHORTEST_PART:
            return
        first = FIRST_PART if len(stemmed) >= SHORTEST_INNER else INNER_PART
        yield from self._with(f"\n{stemmed}", first)
        if self._language == "en":
            return
        if len(stemmed) >= SHORTEST_INNER:
            yield from self._with(stemmed, INNER_PART)
        for one in variants(stemmed, self._language):
            if len(one) >= SHORTEST_PART:
                yield from self._with(f"{one}\n", LAST_PART)

    def _with(self, piece: str, sure: float) -> Iterator[tuple[str, float]]:
        """The forms of every stem that has the piece; a line break is the edge of a stem."""
        place = self._lines.find(piece)
        while place >= 0:
            start = self._lines.rfind("\n", 0, place + 1) + 1
            end = self._lines.find("\n", start)
            yield from ((form, sure) for form in self._by_stem[self._lines[start:end]])
            place = self._lines.find(piece, end)

    def _heads(self, typed: str) -> Iterator[str]:
        """Words that the typed one ends with: vård of hälsovård."""
        stemmed = stem(typed, self._language)
        for cut in range(SHORTEST_PART - 1, len(stemmed) - SHORTEST_PART + 1):
            yield from self._by_stem.get(stemmed[cut:], ())

    def _parts(self, typed: str) -> list[dict[str, float]]:
        """The parts of a compound that the course does not have as one; of a long word at least its known beginning."""
        if self._language == "en":
            return []
        for cut in range(SHORTEST_PART - 1, len(typed) - SHORTEST_PART + 2):
            end = self._same_word(typed[cut:])
            start = self._beginning_with(typed[:cut]) if end else {}
            if start:
                return [start, dict.fromkeys(end, PART_OF_TYPED)]
        for cut in range(len(typed) - 1, LONG_BEGINNING - 1, -1):
            if start := self._beginning_with(typed[:cut]):
                return [start]
        for cut in range(1, len(typed) - SHORTEST_INNER + 1):
            if end := self._same_word(typed[cut:]):
                return [dict.fromkeys(end, PART_OF_TYPED)]
        return []

    def _beginning_with(self, first: str) -> dict[str, float]:
        # The s or n that joins the parts belongs to neither.
        bare = first.removesuffix("s") if len(first) > SHORTEST_PART else first
        return {form: PART_OF_TYPED for form in self._stems if form.startswith((first, bare))}

    def _mended(self, typed: str) -> dict[str, float]:
        bare = without_dots(typed)
        if bare in self._dotless:
            return self._family(self._dotless[bare], NO_DOTS)
        if len(bare) < SHORTEST_MISTYPED:
            return {}
        most = 2 if len(bare) >= TWO_SLIPS_FROM else 1
        near: dict[int, list[str]] = defaultdict(list)
        for form in self._alike(bare, most):
            slips = _slips(bare, form, most)
            if slips <= most:
                near[slips].extend(self._dotless[form])
        if not near:
            return {}
        fewest = min(near)
        return self._family(near[fewest], ONE_SLIP if fewest <= 1 else TWO_SLIPS)

    def _family(self, forms: list[str], sure: float) -> dict[str, float]:
        """The words and their other forms; of several near words the one that the course uses most."""
        best = max(forms, key=lambda form: self._often[form])
        return dict.fromkeys(self.meant(best), sure) | dict.fromkeys(forms, min(SAME_FORM, sure + NEAREST))

    def _alike(self, bare: str, most: int) -> Iterator[str]:
        """Forms of like length that share enough pairs of letters."""
        shared: dict[str, int] = defaultdict(int)
        pairs = _pairs(bare)
        for pair in pairs:
            for form in self._by_pair.get(pair, ()):
                shared[form] += 1
        # A slip spoils at most three pairs.
        enough = len(pairs) - 3 * most
        return (form for form, count in shared.items() if count >= enough and abs(len(form) - len(bare)) <= most)


def _pairs(form: str) -> set[str]:
    framed = f"^{form}$"
    return {framed[place : place + 2] for place in range(len(framed) - 1)}


def _slips(one: str, other: str, most: int) -> int:
    """Letters put in, left out, changed or swapped with the next, to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        new = [i]
        for j, against in enumerate(other, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return row[-1]
