"""Replaces personal data by readable placeholders and proposes a publishable text; the gate shows it to staff first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .findings import Finding, disjoint
from .placeholders import placeholder
from .search import find


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that could be published, and what was found in the original to make it so."""

    text: str
    findings: tuple[Finding, ...]


def mask(text: str, findings: Sequence[Finding], *, language: str = "sv") -> str:
    """The text with each finding replaced by a word in square brackets ("[namn]"), in Swedish, Finnish or English.

    Findings may come in any order and overlap; what lies outside the text is left aside. Never raises.
    """
    parts: list[str] = []
    at = 0
    for finding in disjoint(findings, len(text)):
        parts += (text[at : finding.start], placeholder(finding.kind, language))
        at = finding.end
    return "".join((*parts, text[at:]))


def proposal(text: str, known_names: Sequence[str] = (), language: str = "sv") -> Proposal:
    """The whole step: finds (`known_names` are those who take part) and masks. Masking the result again changes nothing."""
    findings = find(text, known_names=known_names)
    return Proposal(mask(text, findings, language=language), tuple(findings))
