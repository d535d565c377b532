"""The file of a playbook is read as something that a stranger wrote: it is understood whole, or refused with the place and why."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gensvar.core.playbooks import file
from gensvar.core.playbooks.file import DEEPEST, FORMAT, LARGEST, MOST_ROWS, NotAPlaybook
from gensvar.core.playbooks.part import parts

TOPIC = {"slug": "sno", "name": "Snö"}


def said(parts_: Any = None, **more: Any) -> dict[str, Any]:
    """A whole file without a digest, as somebody's editor would leave it."""
    return {"format": FORMAT, "version": 1, "from": "Norrvik", "parts": parts_ or {}} | more


def rows(*found: Any, part: str = "topics", version: Any = 1) -> dict[str, Any]:
    return {part: {"version": version, "rows": list(found)}}


def as_bytes(data: object) -> bytes:
    return json.dumps(data).encode()


def refusal(data: bytes) -> list[str]:
    with pytest.raises(NotAPlaybook) as refused:
        file.read(data)
    return [one.where for one in refused.value.troubles]


def test_what_is_written_is_what_is_read_and_the_same_is_written_alike() -> None:
    written = file.write("Norrvik", {"topics": [TOPIC]})
    assert written == file.write("Norrvik", {"topics": [dict(reversed(TOPIC.items()))]})
    book = file.read(written)
    assert (book.source, book.rows, book.unknown, book.sealed) == ("Norrvik", {"topics": (TOPIC,)}, (), True)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", ""),
        (b"\xff\xfe", ""),
        (b"[]", ""),
        (b"{", ""),
        (b'{"format": NaN}', ""),
        (b'{"format": "gensvar-playbook", "format": "gensvar-playbook"}', ""),
        (b'{"format": "gensvar-playbook", "from": "\\ud800"}', ""),
        (b"[" * 100_000, ""),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), ""),
        (b" " * (LARGEST + 1), ""),
        (b'{"version": ' + b"9" * 5_000 + b"}", ""),
        (as_bytes({"format": "other"}), "format"),
        (as_bytes(said(version=2)), "version"),
        (as_bytes(said(version="1")), "version"),
        (as_bytes(said(version=True)), "version"),
        (as_bytes(said(rows(TOPIC, version=99))), "parts.topics.version"),
        (as_bytes(said(digest="sha256:0")), "digest"),
        (as_bytes(said(**{"from": "a\nb"})), "from"),
        (as_bytes(said([1])), "parts"),
        (as_bytes(said({"topics": []})), "parts.topics"),
        (as_bytes(said({"topics": {"version": 1}})), "parts.topics.rows"),
        (as_bytes(said(rows(*[TOPIC] * (MOST_ROWS + 1)))), "parts.topics.rows"),
        (as_bytes(said(rows(7))), "parts.topics.rows[0]"),
        (as_bytes(said(rows(TOPIC, TOPIC))), "parts.topics.rows[1]"),
        (as_bytes(said(rows({"slug": "sno"}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"slug": "Snö", "name": "Snö"}))), "parts.topics.rows[0].slug"),
        (as_bytes(said(rows({"slug": "sno", "name": " "}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"slug": "sno", "name": "S\0"}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"slug": "sno", "name": "S\nn"}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"slug": "sno", "name": "S" * 81}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"slug": "sno", "name": 1}))), "parts.topics.rows[0].name"),
        (as_bytes(said(rows({"monday": 1}, part="working_week"))), "parts.working_week.rows[0].monday"),
        (as_bytes(said(rows({"day_ends": "25:00"}, part="working_week"))), "parts.working_week.rows[0].day_ends"),
        (
            as_bytes(said(rows({"privacy_authority_url": "javascript:alert(1)"}, part="privacy_notice"))),
            "parts.privacy_notice.rows[0].privacy_authority_url",
        ),
        (
            as_bytes(said(rows({"date": "2026-13-01", "name": "Ö", "worked": False}, part="special_days"))),
            "parts.special_days.rows[0].date",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_its_place_is_named(data: bytes, where: str) -> None:
    assert refusal(data) == [where]


def test_every_trouble_is_told_at_once() -> None:
    bad = {"slug": "", "name": 1}
    assert refusal(as_bytes(said(rows(bad, bad)))) == [
        "parts.topics.rows[0].slug",
        "parts.topics.rows[0].name",
        "parts.topics.rows[1].slug",
        "parts.topics.rows[1].name",
    ]


def test_a_file_that_was_changed_on_its_way_is_refused() -> None:
    written = file.write("Norrvik", {"topics": [TOPIC]})
    assert refusal(written.replace("Snö".encode(), b"Snb")) == ["digest"]


def test_what_nobody_here_knows_is_said_and_left_aside() -> None:
    data = said({**rows({**TOPIC, "colour": "red"}), "weather": {}}, motto="x")
    book = file.read(as_bytes(data))
    assert book.rows == {"topics": (TOPIC,)}
    assert book.unknown == ("motto", "parts.weather", "parts.topics.rows[0].colour")
    assert not book.sealed


def test_names_that_nobody_knows_reach_no_terminal_as_they_are() -> None:
    book = file.read(as_bytes(said(rows({**TOPIC, "\x1b]0;x\x07": 1}), **{"\x1b[2J" + "x" * 200: 1})))
    top, field = book.unknown
    assert top.startswith("\N{REPLACEMENT CHARACTER}[2Jx")
    assert len(top) == 80
    assert all(one.isprintable() for one in (top, field))
    within = {"key": "a", "title": "T", "questions": [{"\x1b[2J": 1}]}
    with pytest.raises(NotAPlaybook) as refused:
        file.read(as_bytes(said(rows(within, part="survey_forms"))))
    assert "\x1b" not in str(refused.value)


def test_one_line_is_read_as_it_is_stored() -> None:
    book = file.read(as_bytes(said(rows({"slug": "sno", "name": " Snö  och\tis "}))))
    assert book.rows["topics"][0]["name"] == "Snö och is"


def test_markup_is_text_like_any_other() -> None:
    book = file.read(as_bytes(said(rows({"slug": "sno", "name": "<script>x</script>"}))))
    assert book.rows["topics"][0]["name"] == "<script>x</script>"


_NAMES = sorted({one.name for part in parts() for one in part.shape} | {"version", "rows", "x"})
_LEAVES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text()
    | some.sampled_from(["sno", "16:00", "2026-12-24"])
)
_ANY = some.recursive(
    _LEAVES,
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(_NAMES) | some.text(), inner, max_size=6)
    ),
    max_leaves=25,
)
_ROWS = some.lists(
    some.dictionaries(some.sampled_from(_NAMES), _LEAVES | _ANY, max_size=8) | _ANY, max_size=2
)
_PARTS = some.dictionaries(
    some.sampled_from([part.name for part in parts()]),
    some.fixed_dictionaries({"version": some.just(1), "rows": _ROWS}) | _ANY,
    max_size=2,
)


def reads(data: bytes) -> None:
    with suppress(NotAPlaybook):
        file.read(data)


@given(some.binary())
def test_no_bytes_bring_anything_but_a_refusal(data: bytes) -> None:
    reads(data)


@given(_ANY)
def test_no_json_brings_anything_but_a_refusal(data: Any) -> None:
    reads(as_bytes(data))


@given(_PARTS)
def test_no_rows_bring_anything_but_a_refusal(found: Any) -> None:
    reads(as_bytes(said(found)))
