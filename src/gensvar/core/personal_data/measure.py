"""Measures finding on the sentences in tests/data: `python -m gensvar.core.personal_data.measure` prints the table.

Single misses are shown for the half that the rules are made on, never for a half held out. Needs no Django.
"""

from __future__ import annotations

import argparse
import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .findings import Finding, Kind
from .search import find

DATA = Path(__file__).parent / "tests" / "data"
SETS = {
    "dev": "Developed on",
    "held_out": "Held out",
    "spellings": "Every spelling",
    "fresh_dev": "Second set, looked at",
    "fresh_held_out": "Second set, held out",
    "third_dev": "Third set, looked at",
    "third_held_out": "Third set, held out",
    "fourth_dev": "Fourth set, looked at",
    "fourth_held_out": "Fourth set, held out",
    "fifth_dev": "Fifth set, looked at",
    "fifth_held_out": "Fifth set, held out",
    "sixth_dev": "Sixth set, looked at",
    "sixth_held_out": "Sixth set, held out",
}
_CODES = {
    "n": Kind.NAME,
    "o": Kind.OTHER_NAME,
    "e": Kind.EMAIL,
    "p": Kind.PHONE,
    "a": Kind.ADDRESS,
    "i": Kind.IDENTITY_NUMBER,
    "v": Kind.VEHICLE,
    "b": Kind.ACCOUNT,
    "ip": Kind.IP_ADDRESS,
    "u": Kind.PROFILE,
}
_ALSO = {Kind.SECRET_LINK: Kind.PROFILE}
LABELS = {
    Kind.OTHER_NAME: "other personal names",
    Kind.NAME: "participants' names",
    Kind.EMAIL: "e-mail",
    Kind.PHONE: "phone",
    Kind.ADDRESS: "address",
    Kind.IDENTITY_NUMBER: "identity number",
    Kind.ACCOUNT: "account or card",
    Kind.VEHICLE: "number plate",
    Kind.IP_ADDRESS: "IP address",
    Kind.PROFILE: "profile or private link",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its marked data (start, end, kind), and the names of those who take part."""

    text: str
    data: tuple[tuple[int, int, Kind], ...]
    known_names: tuple[str, ...] = ()


@dataclass(slots=True)
class Score:
    """Counts for one kind: data marked and found whole; findings proposed and touching something marked."""

    marked: int = 0
    found: int = 0
    proposed: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """The share of marked data found whole; None when none is marked."""
        return self.found / self.marked if self.marked else None

    @property
    def precision(self) -> float | None:
        """The share of findings that touch a marked datum; None when nothing was proposed."""
        return self.right / self.proposed if self.proposed else None


def parse(marked: str, known_names: Sequence[str] = ()) -> Sentence:
    """Reads "Hej {o:Anna}" into the text and its data; braces may nest."""
    text: list[str] = []
    data: list[tuple[int, int, Kind]] = []
    open_marks: list[tuple[int, Kind | None]] = []
    at = 0
    while at < len(marked):
        code = next((code for code in _CODES if marked.startswith(f"{{{code}:", at)), None)
        if code is not None:
            open_marks.append((len(text), _CODES[code]))
            at += len(code) + 2
            continue
        if marked[at] == "{":
            open_marks.append((len(text), None))
        if marked[at] == "}" and open_marks:
            start, kind = open_marks.pop()
            if kind is not None:
                data.append((start, len(text), kind))
                at += 1
                continue
        text.append(marked[at])
        at += 1
    return Sentence("".join(text), tuple(data), tuple(known_names))


def sentences(name: str) -> Iterator[Sentence]:
    """All sentences of one of the SETS."""
    if not DATA.is_dir():
        raise SystemExit(
            "The sentences lie in the source tree, not in an installed package: run this in a checkout."
        )
    groups = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))["group"]
    for group in groups:
        for marked in group["sentences"]:
            yield parse(marked, group.get("known", ()))


def _covered(text: str, start: int, end: int, findings: Sequence[Finding]) -> bool:
    held = {at for finding in findings for at in range(max(start, finding.start), min(end, finding.end))}
    return all(at in held or not text[at].isalnum() for at in range(start, end))


@functools.cache
def measure(name: str) -> Mapping[Kind, Score]:
    """Scores of one set by kind, measured once. A datum counts as found only when every letter and digit of it is inside a finding."""
    scores = {kind: Score() for kind in LABELS}
    for sentence in sentences(name):
        findings = find(sentence.text, known_names=sentence.known_names)
        for start, end, kind in sentence.data:
            scores[kind].marked += 1
            if _covered(sentence.text, start, end, findings):
                scores[kind].found += 1
            else:
                scores[kind].misses.append(f"{sentence.text[start:end]!r} in {sentence.text!r}")
        for finding in findings:
            score = scores[_ALSO.get(finding.kind, finding.kind)]
            score.proposed += 1
            if any(finding.start < end and start < finding.end for start, end, _ in sentence.data):
                score.right += 1
            else:
                score.wrong.append(f"{finding.text!r} in {sentence.text!r}")
    return scores


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def together(scores: Sequence[Mapping[Kind, Score]]) -> dict[Kind, Score]:
    """The scores of several sets added up."""
    total = {kind: Score() for kind in LABELS}
    for each in scores:
        for kind, score in each.items():
            total[kind].marked += score.marked
            total[kind].found += score.found
            total[kind].proposed += score.proposed
            total[kind].right += score.right
    return total


def table() -> str:
    """The figures as the Markdown table that stands in docs/reference/masking.md."""
    measured = {name: measure(name) for name in SETS}
    columns = {SETS[name]: measured[name] for name in SETS}
    columns["Both halves"] = together((measured["dev"], measured["held_out"]))
    lines = [
        "| set | kind | marked | found whole | recall | proposed | right | precision |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    first, second, *others = SETS.values()
    for label in (first, second, "Both halves", *others):
        for kind, words in LABELS.items():
            score = columns[label][kind]
            if score.marked or score.proposed:
                lines.append(
                    f"| {label} | {words} | {score.marked} | {score.found} | {_share(score.recall)} "
                    f"| {score.proposed} | {score.right} | {_share(score.precision)} |"
                )
    return "\n".join(lines)


def _print_misses() -> None:
    for name in (name for name in SETS if not name.endswith("held_out")):  # those are never looked at
        for kind, score in measure(name).items():
            for missed in score.misses:
                print(f"{name}: {LABELS[kind]} missed: {missed}")
            for wrong in score.wrong:
                print(f"{name}: {LABELS[kind]} proposed in vain: {wrong}")


def main() -> None:
    """The command: the table, and with --misses every miss of the sets that may be looked at."""
    parser = argparse.ArgumentParser(prog="python -m gensvar.core.personal_data.measure", description=__doc__)
    parser.add_argument(
        "--misses", action="store_true", help="also print each miss, but never of a half held out"
    )
    wanted = parser.parse_args()
    print(table())
    if wanted.misses:
        print()
        _print_misses()


if __name__ == "__main__":
    main()
