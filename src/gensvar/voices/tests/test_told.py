"""What the public is told: by hand, and for any amounts nothing that is one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gensvar.voices.told import MESSAGES, PEOPLE, may_be_told, shares_told, told

amounts = some.dictionaries(
    some.sampled_from("abcdefg"),
    some.dictionaries(some.integers(1, 9), some.integers(0, 6), max_size=6),
    max_size=7,
)


def test_functions_of_three_persons_and_five_messages_stand_alone_and_the_others_together() -> None:
    found = told(
        {
            "streets": {1: 2, 2: 2, 3: 2},
            "schools": {4: 3, 5: 2},  # two persons
            "library": {6: 1, 7: 1, 8: 1},  # three messages
            "nobody": {9: 0},
        }
    )
    assert [(one.voice, one.amount, one.share) for one in found.functions] == [("streets", 6, 6 / 14)]
    assert (found.rest, found.together, found.people) == (8, 2, 8)
    assert found.all.effective == pytest.approx(14**2 / (6**2 + 8**2))  # the rest is one voice


def test_one_that_is_too_small_is_not_told_by_leaving_it_out_of_the_total() -> None:
    found = told({"streets": {1: 5, 2: 5, 3: 5, 4: 5}, "schools": {5: 3, 6: 3, 7: 3}, "library": {8: 4}})
    assert [one.voice for one in found.functions] == ["streets"]
    assert (found.rest, found.together) == (13, 2)


@pytest.mark.parametrize(
    "few", [{}, {"a": {1: 100}}, {"a": {1: 50}, "b": {2: 50}}, {"a": {1: 1, 2: 1, 3: 1}}]
)
def test_too_few_in_all_tell_nothing(few: dict[str, dict[int, int]]) -> None:
    found = told(few)
    assert (found.functions, found.rest, found.together, found.people) == ((), 0, 0, 0)
    assert found.all.effective is None


@given(amounts)
def test_no_figure_is_that_of_too_few(of: dict[str, dict[int, int]]) -> None:
    found = told(of)
    total = sum(sum(people.values()) for people in of.values())
    shown = {one.voice for one in found.functions}
    for name in shown:
        assert may_be_told([of[name]])
    left = [people for name, people in of.items() if name not in shown]
    if found.together:
        assert may_be_told(left)
        assert found.rest == sum(sum(people.values()) for people in left)
    if found.people:
        assert found.people >= PEOPLE
        assert found.all.total == total >= MESSAGES


def test_what_everybody_can_count_hides_nobodys_answers() -> None:
    said = {"streets": {1: 40, 2: 1, 3: 1}, "schools": {4: 9, 5: 9, 6: 9}}
    assert [one.voice for one in told(said).functions] == ["streets", "schools"]
    one_answers = {"streets": {1: 40}, "schools": {4: 9, 5: 9, 6: 9}}
    found = told(said, one_answers)
    assert found.functions == (), "the two that are public would leave one person's figure"
    assert (found.rest, found.together) == (69, 2)
    only_public = told({"streets": {1: 3, 2: 1, 3: 1}}, {})
    assert [(one.voice, one.amount) for one in only_public.functions] == [("streets", 5)]


@given(amounts, amounts)
def test_no_function_stands_alone_whose_unseen_words_are_too_few(
    said: dict[str, dict[int, int]], public: dict[str, dict[int, int]]
) -> None:
    all_ = {
        one: {who: said.get(one, {}).get(who, 0) + public.get(one, {}).get(who, 0) for who in range(1, 10)}
        for one in said.keys() | public.keys()
    }
    found = told(all_, said)
    for share in found.functions:
        unseen = said.get(share.voice, {})
        assert not sum(unseen.values()) or may_be_told([unseen])


@given(some.dictionaries(some.sampled_from("abcdefg"), some.integers(0, 12)), some.integers(0, 6))
def test_no_share_of_the_unanswered_is_that_of_few_and_none_follows_from_the_total(
    asked: dict[str, int], apart: int
) -> None:
    may = shares_told(asked, apart)
    left = sum(asked[one] for one in asked.keys() - may) + apart
    assert all(asked[one] >= MESSAGES for one in may)
    assert not may or not left or left >= MESSAGES


def test_of_what_is_asked_of_enough_nothing_is_left_out() -> None:
    assert shares_told({"streets": 5, "schools": 9, "library": 0}) == {"streets", "schools"}
    assert shares_told({"streets": 5, "schools": 9, "library": 4}) == {"schools"}
    assert shares_told({"streets": 5, "schools": 9}, apart=1) == {"schools"}
