"""What changed from one wording to the next: nothing is lost, whatever the texts, and it is told in words as people read."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gensvar.publishing.positions.comparing import MOST_PAIRS, Kind, Piece, compare

WORDS = st.lists(
    st.sampled_from(["vi", "plogar", "inte", ",", " ", "\n\n", "<b>", "é", "😀", "snö"]), max_size=60
)


def without(kind: Kind, pieces: tuple[Piece, ...]) -> str:
    return "".join(one.text for one in pieces if one.kind != kind)


@given(
    st.one_of(st.text(max_size=300), WORDS.map("".join)),
    st.one_of(st.text(max_size=300), WORDS.map(" ".join)),
)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert without(Kind.NEW, pieces) == old
    assert without(Kind.GONE, pieces) == new
    assert all(one.text for one in pieces)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


def test_a_changed_word_is_told_alone_and_the_rest_stays() -> None:
    pieces = compare("Vi plogar inom ett dygn efter snöfall.", "Vi plogar inom tolv timmar efter snöfall.")
    assert [(one.kind, one.text.strip()) for one in pieces] == [
        ("same", "Vi plogar inom"),
        ("gone", "ett dygn"),
        ("new", "tolv timmar"),
        ("same", "efter snöfall."),
    ]


def test_the_same_text_has_one_piece_and_an_empty_one_none() -> None:
    assert compare("Vi plogar.", "Vi plogar.") == (Piece(Kind.SAME, "Vi plogar."),)
    assert compare("", "") == ()
    assert compare("", "Ny.") == (Piece(Kind.NEW, "Ny."),)


def test_two_long_texts_made_to_be_hard_are_told_without_looking_at_every_pair() -> None:
    many = MOST_PAIRS // 4
    old, new = "a b " * many, "a a b b " * (many // 2) + "c"
    pieces = compare(old, new)
    assert len(pieces) < 10
    assert without(Kind.GONE, pieces) == new
    words = [f"ord{number}" for number in range(4_000)]
    turned = compare(" ".join(words), " ".join(reversed(words)))
    assert without(Kind.NEW, turned) == " ".join(words)
