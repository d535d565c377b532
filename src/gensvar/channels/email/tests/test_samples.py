"""Each sample is a mail with one kind of trouble in it, and beside it what is expected of reading it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gensvar.channels.email.channel import EmailChannel
from gensvar.contract.testing import check_storable
from gensvar.contract.values import DeliveryReport, Incoming

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.eml"))


def _report(report: DeliveryReport) -> list[str]:
    return [
        report.recipient,
        report.status,
        report.action,
        report.diagnostic,
        report.original_message_id,
        report.original_token,
    ]


FOUND: dict[str, Callable[[Incoming], Any]] = {
    "subject": lambda word: word.subject,
    "text": lambda word: word.text,
    "quoted": lambda word: word.quoted,
    "html": lambda word: word.html,
    "sender": lambda word: [word.sender.address, word.sender.name],
    "written": lambda word: word.sender.written,
    "to": lambda word: [party.address for party in word.to],
    "cc": lambda word: [party.address for party in word.cc],
    "sent_at": lambda word: word.sent_at.isoformat() if word.sent_at else None,
    "message_id": lambda word: word.message_id,
    "references": lambda word: list(word.references),
    "tokens": lambda word: list(word.tokens),
    "kind": lambda word: word.kind.value,
    "marks": lambda word: sorted(word.marks),
    "language": lambda word: word.language,
    "files": lambda word: [[file.filename, file.role] for file in word.files],
    "file_data": lambda word: {
        file.filename: file.data.decode() for file in word.files if file.role == "attachment"
    },
    "reports": lambda word: [_report(report) for report in word.reports],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_expected(name: str) -> None:
    expected = json.loads((SAMPLES / f"{name}.json").read_text())
    word = EmailChannel().parse((SAMPLES / f"{name}.eml").read_bytes())
    check_storable(word)
    for field, wanted in expected.items():
        found = FOUND[field](word)
        if field == "reports":  # prose is quoted at length; a sample that says None leaves it open
            found = [
                [None if want is None else got for want, got in zip(want_row, row, strict=True)]
                for want_row, row in zip(wanted, found, strict=True)
            ]
        assert found == wanted, field


def test_every_sample_says_what_is_expected_and_no_expectation_lacks_its_mail() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.json")) == NAMES
    assert len(NAMES) >= 100
