"""A page put together from compressed pieces is the page, whatever stands in its slots."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from course.web.prepared import Piece, Prepared, gzipped, joined, slot

# Few letters, so that much repeats and the compressor looks back wherever it may.
words = st.text("ab\u00e4 \u00ad", max_size=60)
wholes = st.lists(words, min_size=1, max_size=4)


@given(texts=wholes, fillings=st.lists(st.tuples(words, words), min_size=1, max_size=4))
def test_a_page_unpacks_to_its_text_whatever_is_filled_in_and_in_whatever_turn(texts, fillings):
    names = "abc"[: len(texts) - 1]
    page = Prepared("".join(text + slot(name) for text, name in zip(texts, names, strict=False)) + texts[-1])
    for kept, once in fillings:
        pieces = page.filled({name: [Piece.kept(kept), Piece.once(once)] for name in names})
        wanted = (kept + once).join(texts).encode()
        assert joined(pieces) == wanted
        assert gzip.decompress(gzipped(pieces)) == wanted


@given(outer=words, inner=words, token=words)
def test_a_prepared_part_may_stand_in_a_prepared_page(outer, inner, token):
    page = Prepared(f"{outer}{slot('part')}{outer}")
    part = Prepared(f"{inner}{slot('token')}{inner}")
    pieces = page.filled({"part": part.filled({"token": [Piece.once(token)]})})
    assert gzip.decompress(gzipped(pieces)).decode() == outer + inner + token + inner + outer


def test_what_stands_after_a_slot_is_packed_with_what_stands_before_it_in_sight():
    text = "Kuka puhuu h\u00e4nen puolestaan, ja kuka pit\u00e4\u00e4 h\u00e4nen passiaan? " * 3
    page = Prepared(f"{text}{slot('name')}{text}")
    for name in ("Aino", "Aino-Kaarina"):
        [_, _, after] = page.filled({"name": [Piece.once(name)]})
        assert len(after.packed) < len(Piece.kept(text).packed) / 3


def test_learners_who_have_done_different_things_each_see_their_own_page(client, another_client):
    def shown(reader):
        page = reader.get("/fi/modules/tea/leaves/")
        marks = (".trail .done", ".trail .quiz.done", ".actions form", ".actions .read")
        return [len(page.select(mark)) for mark in marks]

    assert shown(client) == shown(another_client) == [0, 0, 1, 0]
    client.submit(client.get("/fi/modules/tea/water/"), ".actions form")
    assert (shown(client), shown(another_client)) == ([1, 0, 1, 0], [0, 0, 1, 0])
    client.submit(client.get("/fi/modules/tea/leaves/"), ".actions form")
    another_client.submit(another_client.get("/fi/modules/tea/leaves/"), ".actions form")
    assert (shown(client), shown(another_client)) == ([2, 0, 0, 1], [1, 0, 0, 1])
