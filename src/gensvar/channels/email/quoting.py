"""Folds away what a reply repeats: quotations, the headers above them, signatures. Nothing is lost: it goes to `quoted`.

Neighbours: body calls `fold`, reply_words says how mail programs write. mail-parser-reply was measured on Swedish mail first:
it takes "- a list" and "/a path" for signatures, changes the text (strips every line) and runs for minutes on hostile input.
So lines are read here one by one, and its tables of reply headers serve, a bounded number of times, for the languages that
are not ours.
"""

from __future__ import annotations

import functools
import re

from mailparser_reply.constants import MAIL_LANGUAGES

from gensvar.channels.email.reply_words import (
    ADDRESSED,
    BEGINS,
    BETWEEN_DASHES,
    BY_NAME,
    CLOCK,
    CLOSES,
    DASHES,
    DATED,
    DAY_LABELS,
    FINNISH,
    FOOTER,
    FORWARD_OR_ANSWER,
    FORWARD_SUBJECT,
    FORWARDED,
    GROUPWISE,
    LABEL,
    LIST_RULE,
    LIST_WORDS,
    MAIL,
    MEANING,
    ORIGINAL,
    QUOTING,
    RULE,
    TIME,
    TITLED_RULE,
    WITHOUT_A_VERB,
    WROTE,
)

LONGEST_HEADER = 400  # characters of "On … wrote:", over at most four lines
MOST_LINES = 20_000  # a longer text is no reply; it is shown whole
MOST_TRIES = 40  # how often the library's expressions are tried in one mail
FOOTER_LINES = 3
LIST_LINES = 6  # a mailing list's rule and the lines below it
LONGEST_SIGNATURE = 15  # lines below dashes without the space that makes them a signature's beyond doubt


def fold(text: str, subject: str = "") -> tuple[str, str, str]:
    """What is folded away above, what the writer says now, and what is folded away below it (any may be empty).

    Where folding would leave nothing to read, nothing is folded. Answers between the lines of a quotation stay with it.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return "", text.strip("\n"), ""
    end = _repeated_from(lines, forwarded=_is_forward(subject, text))
    if any(_is_sent_on(lines, number) for number in range(end)):
        return "", text.strip("\n"), ""  # what is sent on is what is said
    end = _quoted_tail_from(lines, end)
    signed = _signature_from(lines, end)
    end = _quoted_tail_from(lines, signed) if signed < end else end
    start = _quoted_head_to(lines, end)
    said = "\n".join(lines[start:end]).strip("\n")
    if not said.strip():
        return "", text.strip("\n"), ""
    above, below = ("\n".join(part).strip("\n") for part in (lines[:start], lines[end:]))
    return above if above.strip() else "", said.rstrip(), below if below.strip() else ""


def _is_forward(subject: str, text: str) -> bool:
    """Whether the subject says that a mail is sent on."""
    if FORWARD_OR_ANSWER.match(subject):
        return not FINNISH.search(text)
    return FORWARD_SUBJECT.match(subject) is not None


def _is_sent_on(lines: list[str], number: int) -> bool:
    """Whether a forward begins here: in a quotation at its first line only, else the mail before was one."""
    if not FORWARDED.match(lines[number]):
        return False
    above = next((lines[place] for place in range(number - 1, -1, -1) if lines[place].strip(" >")), "")
    return not _is_quoted(lines[number]) or not (_is_quoted(above) or above.rstrip().endswith(":"))


def _is_quoted(line: str) -> bool:
    return line[:1] == ">" or (line[:1] == " " and line.lstrip(" ")[:1] == ">")


def _repeated_from(lines: list[str], *, forwarded: bool) -> int:
    """The first line of what a mail program repeats below, unmarked: everything after it is the mail before."""
    tries = MOST_TRIES
    for number, line in enumerate(lines):
        if (":" not in line and "：" not in line and "-" not in line) or (
            _is_quoted(line) and not _closes(lines, number) and not GROUPWISE.match(line)
        ):
            continue
        if (ORIGINAL.match(line) or GROUPWISE.match(line)) and not forwarded:
            return number
        if _is_between_dashes(lines, number) and not _answered_below(lines, number):
            return number
        if ":" not in line and "：" not in line:
            continue
        if not forwarded and _is_header_block(lines, number):
            return _rule_above(lines, number)
        if line.rstrip().endswith((":", "：", ":*", ":>")):
            begins, tries = _attribution_from(lines, number, tries)
            if begins is not None and not _answered_below(lines, number):
                return begins
    return len(lines)


def _closes(lines: list[str], number: int) -> bool:
    """Whether a line is no quotation but the end of an address that a mail program broke: "… skrev Kim <kim@…", ">:"."""
    if not number or not CLOSES.match(lines[number]):
        return False
    above = lines[number - 1]
    return above.rfind("<") > above.rfind(">")


def _is_between_dashes(lines: list[str], number: int) -> bool:
    """Whether a line is such a header between dashes, as Zoho and some telephones write."""
    line = lines[number].strip()
    if not line.startswith("--") or len(line) > LONGEST_HEADER or not WROTE.search(line):
        return False
    within = BETWEEN_DASHES.match(line)
    told = within and (MAIL.search(within[1]) or CLOCK.search(within[1]))
    return bool(told or (within and _quotes_next(lines, number)))


def _rule_above(lines: list[str], number: int) -> int:
    """The line that a mail program draws above such a header, at most one empty line between them; else where it begins."""
    for above in (number - 1, number - 2):
        if above >= 0 and lines[above].strip():
            titled = TITLED_RULE.match(lines[above]) and not FORWARDED.match(lines[above])
            return above if titled or RULE.match(lines[above]) else number
    return number


def _is_header_block(lines: list[str], number: int) -> bool:
    """Whether "From:", "Sent:", "To:", "Subject:" begin here in any of our languages: the first and two more of them.

    Without a time or an address it is a list of the writer's own ("From: the bus stop, To: school, Date: 3 May").
    """
    first = LABEL.match(lines[number].lstrip(" "))
    if not first or MEANING.get(first[1].lower()) not in ("from", "sent"):
        return False
    meanings = set()
    told = False
    for line in lines[number : number + 12]:
        label = LABEL.match(line)
        if label:
            name = label[1].lower()
            meanings.add(MEANING.get(name))
            dated = MEANING.get(name) == "sent" and (name not in DAY_LABELS or CLOCK.search(line))
            told = told or bool(dated or MAIL.search(line))
    return told and len({"from", "sent", "to", "subject"} & meanings) >= 3


def _attribution_from(lines: list[str], number: int, tries: int) -> tuple[int | None, int]:
    """The line where "On … wrote:" begins whose colon stands at the end of line `number`; and the tries left."""
    window, quotes = "", _quotes_next(lines, number)
    for first in range(number, max(-1, number - 4), -1):
        line = lines[first].strip()
        if (
            not line
            or (_is_quoted(line) and not _closes(lines, first))
            or len(window) + len(line) > LONGEST_HEADER
        ):
            break
        window = f"{line} {window}".rstrip()
        if WROTE.search(window) and (MAIL.search(window) or (quotes and TIME.search(window))):
            if not BEGINS.match(window) and _continues(lines, first, named=not window.startswith("<")):
                continue
            return first, tries
        if quotes and QUOTING.match(window):
            return first, tries
        if WITHOUT_A_VERB.match(window) or DATED.match(window):
            return first, tries
        if quotes and TIME.search(window) and ADDRESSED.search(window):
            return first, tries  # '03.11.2026, 10:11, "Kim Ek" <kim@…>:', whatever the language
        if tries > 0 and TIME.search(window):
            tries -= 1
            if any(expression.match(window) for expression in _elsewhere()):
                return first, tries
    return None, tries


def _continues(lines: list[str], first: int, *, named: bool) -> bool:
    """Whether the line above belongs to the same header: a mail program broke it in two, perhaps below the name."""
    for above in (line.strip() for line in reversed(lines[max(0, first - 2) : first])):
        if not above or _is_quoted(above):
            return False
        if BEGINS.match(above) and (not named or TIME.search(above) or MAIL.search(above)):
            return True
    return False


def _quotes_next(lines: list[str], number: int) -> bool:
    """Whether a quotation follows the colon; without an address in the header that is what tells it from a sentence."""
    for line in lines[number + 1 : number + 4]:
        if line.strip():
            return _is_quoted(line)
    return False


@functools.cache
def _elsewhere() -> tuple[re.Pattern[str], ...]:
    """Reply headers in the languages of mail-parser-reply's tables."""
    tables = [table["wrote_header"] for table in MAIL_LANGUAGES.values() if "wrote_header" in table]
    return tuple(re.compile(table, re.IGNORECASE) for table in tables)


def _answered_below(lines: list[str], number: int) -> bool:
    """Whether the writer answers between or below the quoted lines: then folding from here would hide the answer."""
    quoted = False
    for place, line in enumerate(lines[number + 1 :]):
        if _is_quoted(line):
            quoted = True
        elif line.strip() and quoted:
            return not (
                line.rstrip() in DASHES
                or FOOTER.match(line.strip())
                or _is_list_rule(lines, number + 1 + place)
            )
        elif line.strip():
            return False  # unmarked: the rest is the mail before
    return False


def _quoted_tail_from(lines: list[str], end: int) -> int:
    """The first line of a marked quotation that ends the mail, with the header above it."""
    first = end
    while first and (not lines[first - 1].strip() or _is_quoted(lines[first - 1])):
        first -= 1
    if not any(_is_quoted(line) for line in lines[first:end]):
        return end
    if first and lines[first - 1].rstrip().endswith(":"):
        begins, _ = _attribution_from(lines, first - 1, MOST_TRIES)
        return begins if begins is not None else first
    return first


def _quoted_head_to(lines: list[str], end: int) -> int:
    """The line after a quotation that begins the mail and is not taken up again: the answer stands below it."""
    number = 0
    while number < end and not lines[number].strip():
        number += 1
    if number < end and lines[number].strip() and not _is_quoted(lines[number]):
        for colon in range(number, min(number + 4, end)):
            above = lines[number : colon + 1]
            if lines[colon].rstrip().endswith(":") and all(above) and _names_the_writer(" ".join(above)):
                if colon > number and _attribution_from(lines, colon, 0)[0] != number:
                    return 0  # what stands above it is the writer's own
                number = colon + 1
                break
        else:
            return 0
    after = number
    while after < end and (not lines[after].strip() or _is_quoted(lines[after])):
        after += 1
    if not any(_is_quoted(line) for line in lines[number:after]) or any(
        _is_quoted(line) for line in lines[after:end]
    ):
        return 0
    return after


def _names_the_writer(header: str) -> bool:
    """Whether "Kim Ek wrote:" is a program's; "Hej! Ni skrev så här:", with no time and no address, is what somebody says."""
    if not WROTE.search(header):
        return False
    return bool(MAIL.search(header) or TIME.search(header) or BY_NAME.match(header))


def _signature_from(lines: list[str], end: int) -> int:
    """The first line of the signature: after "-- " (RFC 3676 § 4.3), or what a telephone adds."""
    dashes = _dashes(lines, end)
    if dashes:
        quoted = max((number for number in range(end) if _is_quoted(lines[number])), default=-1)
        begins = next((number for number in range(end) if lines[number].strip()), end)
        for number in dashes:
            if number > quoted and number > begins:
                return number
    seen = 0
    for number in range(end - 1, -1, -1):
        if lines[number].strip():
            seen += 1
            if _is_list_rule(lines, number):
                return number
            if seen <= FOOTER_LINES and FOOTER.match(lines[number].strip(" *_\u200e\u200f")):
                return number
            if seen >= LIST_LINES:
                break
    return end


def _is_list_rule(lines: list[str], number: int) -> bool:
    """Whether a mailing list's own lines begin here."""
    return bool(
        LIST_RULE.match(lines[number]) and LIST_WORDS.search(" ".join(lines[number + 1 : number + 4]))
    )


def _dashes(lines: list[str], end: int) -> list[int]:
    """Where a signature may begin. Without the space after them dashes may also part the writer's own lines: then no one does."""
    marked = [number for number in range(end) if lines[number] in DASHES]
    if any(lines[number] == "-- " for number in marked):
        return marked
    return marked if len(marked) == 1 and end - marked[0] <= LONGEST_SIGNATURE + 1 else []
