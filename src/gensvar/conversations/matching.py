"""Decides into which conversation a word belongs: our signed token first, then what it refers to, never its subject.

Every match also asks whether the writer takes part: who only quotes a reference or a number gets no further. A writer whom
staff hold to be the same person as one of those who take part does too, and then has a part and a key of their own.
Neighbour: writing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from gensvar.conversations.models import Conversation
from gensvar.core import statements, tokens
from gensvar.core.statements import Statement

MOST_REFERENCES: Final = 50  # the newest are looked at
MOST_MERGES: Final = 10  # steps from a merged conversation to the one that lives on


@dataclass(slots=True)
class Thread:
    """A conversation as far as the writing of one more message needs it."""

    id: int
    contact_point_id: int
    function_id: int | None
    assignee_id: int | None
    contact_id: int | None
    contact_name: str
    state: str
    snoozed: bool
    failed: bool
    merged_into_id: int | None
    public: bool
    parts: dict[int, tuple[int, str]] = field(default_factory=dict)  # contact → (participant, address)
    protected: dict[int, bool] = field(default_factory=dict)  # of each of these contacts, when it was read
    asked: set[int] = field(default_factory=set)  # persons who were asked in notes there, and so see it

    def has(self, contacts: Collection[int], address: str) -> bool:
        """Whether one of those contacts, or somebody at that address, takes part."""
        return not self.parts.keys().isdisjoint(contacts) or (
            bool(address) and any(address == part for _, part in self.parts.values())
        )


@dataclass(frozen=True, slots=True)
class Match:
    """Where a word belongs. `holder`: the contact whose token it carried. `linked`: quoted by somebody who takes no part.

    `typed`: the participant of whom it was the typed key.
    """

    thread: Thread | None = None
    holder: int | None = None
    linked: int | None = None
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class Clues:
    """What a word brings to find its conversation."""

    keys: tuple[str, ...] = ()  # of genuine tokens, the most telling first
    references: tuple[str, ...] = ()  # oldest first
    message_id: str = ""

    @classmethod
    def of(cls, found_tokens: Sequence[str], references: Sequence[str], message_id: str) -> Clues:
        """Open the tokens; forged ones vanish here."""
        keys = dict.fromkeys(key for token in found_tokens if (key := tokens.read("conversation", token)))
        newest = tuple(dict.fromkeys(ref[:250] for ref in references if ref))[-MOST_REFERENCES:]
        return cls(tuple(keys)[:10], newest, message_id)


Candidate = tuple[str, str, int, str, int]
"""How a conversation was found (token, typed, reference, awaited), by what, which one it is, a token's key, whose it is."""

_COLUMNS: Final = (
    "c.id, c.contact_point_id, c.function_id, c.assignee_id, c.contact_id, c.contact_name, c.state,"
    " c.snoozed_until IS NOT NULL, c.delivery_failed, c.merged_into_id, c.visibility"
)


def find(
    rows: Sequence[Candidate],
    clues: Clues,
    *,
    contact_id: int | None,
    address: str,
    contact_point_id: int,
    same_person: int | None = None,
    staff: bool = False,
    doubted: bool = False,
) -> Match:
    """The conversation of a word by these clues, and what `asking` found for them; at most two journeys more.

    `staff`: the writer is one of us by address, and needs no part in the conversation to be heard in it. `same_person`: that
    of the writer's contact; only where there is one, those who share it are asked for, in one journey more. `doubted`: it is
    not from whom it says, so a mailed key alone brings it in; what it refers to is told to staff.
    """
    if not rows:
        return Match()
    writers = {contact_id} if contact_id is not None else set()
    if same_person is not None and not staff:
        writers |= _held_to_be(same_person)
    rank = {key: place for place, key in enumerate(clues.keys)}
    rows = sorted(rows, key=lambda row: rank.get(row[3], len(rank)))
    threads = _load({row[2] for row in rows})
    for kind, contact, conversation, _, part in _by_weight(rows, clues, threads, contact_point_id):
        thread = threads.get(conversation)
        if thread is None:
            continue
        if kind == "token":
            return Match(thread, holder=int(contact))
        if doubted:
            continue
        if kind == "typed":  # brings nobody in from another address
            if staff or not address or int(contact) in writers:
                return Match(thread, holder=int(contact), typed=part)
            continue
        if staff or thread.has(writers, address):
            return Match(thread)
    return Match(linked=next((threads[row[2]].id for row in rows if row[2] in threads), None))


def _held_to_be(same_person: int) -> set[int]:
    """The contacts that staff hold to be one person; one with a protected identity is not reached by it."""
    sql = "SELECT id FROM conversations_contact WHERE same_person_id = %s AND NOT protected"
    (rows,) = statements.ask((sql, [same_person]))
    return {row[0] for row in rows}


def asking(clues: Clues) -> Statement:
    """The statement that gives a candidate for every clue that leads anywhere."""
    parts: list[str] = []
    values: list[Any] = []
    if clues.keys:
        for kind, column in (("token", "key"), ("typed", "typed_key")):
            parts.append(
                f"SELECT '{kind}', CAST(contact_id AS text), conversation_id, {column}, id"
                f" FROM conversations_participant WHERE {column} IN ({_marks(clues.keys)})"
            )
            values += clues.keys
    if clues.references:
        parts.append(
            "SELECT 'reference', message_id, conversation_id, '', 0 FROM conversations_message"
            f" WHERE message_id IN ({_marks(clues.references)})"
        )
        values += clues.references
    awaited = [one for one in (clues.message_id, *clues.references) if one]
    if awaited:  # somebody refers to this word already, or to the same missing one as this word
        parts.append(
            "SELECT 'awaited', message_id, conversation_id, '', 0 FROM conversations_awaitedreference"
            f" WHERE message_id IN ({_marks(awaited)})"
        )
        values += awaited
    return " UNION ALL ".join(parts) or "SELECT '', '', 0, '', 0 WHERE 1 = 0", values


def _by_weight(
    rows: Sequence[Candidate], clues: Clues, threads: dict[int, Thread], contact_point_id: int
) -> list[Candidate]:
    """Tokens first as they stand; then references, those of this contact point and the newest first; then awaited ones."""
    place = {reference: number for number, reference in enumerate(clues.references)}

    def weight(row: Candidate) -> tuple[int, bool, int]:
        kind, found_by, conversation, _, _ = row
        thread = threads.get(conversation)
        elsewhere = thread is None or thread.contact_point_id != contact_point_id
        if kind in {"token", "typed"}:
            return 0, False, 0
        return (1 if kind == "reference" else 2), elsewhere, -place.get(found_by, 0)

    return sorted(rows, key=weight)


def _load(ids: set[int]) -> dict[int, Thread]:
    """The conversations behind these ids with their parts; a merged one gives way to the one that lives on."""
    found, parts = _read(ids)
    for _ in range(MOST_MERGES):
        missing = {
            one.merged_into_id for one in found.values() if one.merged_into_id is not None
        } - found.keys()
        if not missing:
            break
        more, theirs = _read(missing)
        found |= more
        parts += theirs
    living: dict[int, Thread] = {}
    for number in ids & found.keys():
        thread = found[number]
        for _ in range(MOST_MERGES):
            if thread.merged_into_id is None or thread.merged_into_id not in found:
                break
            thread = found[thread.merged_into_id]
        living[number] = thread
    for conversation, contact, participant, address, protected in sorted(parts, key=itemgetter(2)):
        # Also those who took part in what was merged.
        for thread in (found[conversation], living.get(conversation, found[conversation])):
            thread.parts.setdefault(contact, (participant, address))
            thread.protected[contact] = bool(protected)
    return living


def _read(ids: set[int]) -> tuple[dict[int, Thread], list[Any]]:
    """These conversations with those of us who were asked there, and who takes part in them."""
    marks, values = _marks(ids), list(ids)
    threads, people = statements.ask(
        (f"SELECT {_COLUMNS} FROM conversations_conversation c WHERE c.id IN ({marks})", values),
        (
            (
                "SELECT p.conversation_id, p.contact_id, p.id, p.address, c.protected FROM conversations_participant p"
                f" JOIN conversations_contact c ON c.id = p.contact_id WHERE p.conversation_id IN ({marks}) UNION ALL"
                " SELECT m.conversation_id, NULL, n.person_id, '', FALSE FROM conversations_message m"
                f" JOIN conversations_mention n ON n.message_id = m.id WHERE m.conversation_id IN ({marks})"
            ),
            [*values, *values],
        ),
    )
    found = {row[0]: _thread(row) for row in threads}
    for conversation, contact, person, *_ in people:
        if contact is None:
            found[conversation].asked.add(person)
    return found, [row for row in people if row[1] is not None]


def _thread(row: tuple[Any, ...]) -> Thread:
    number, point, function, assignee, contact, name, state, snoozed, failed, merged_into, visibility = row
    public = visibility == Conversation.Visibility.PUBLIC
    return Thread(
        number,
        point,
        function,
        assignee,
        contact,
        name,
        state,
        bool(snoozed),
        bool(failed),
        merged_into,
        public,
    )


def _marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))
