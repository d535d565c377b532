"""Folds away what a reply repeats: quotations, the headers above them, signatures. Nothing is lost: it goes to `quoted`.

Neighbours: body calls `fold`. mail-parser-reply was measured on Swedish mail first: it takes "- a list" and "/a path" for
signatures, changes the text (strips every line) and runs for minutes on hostile input. So lines are read here one by one,
and its tables of reply headers serve, a bounded number of times, for the languages that are not ours.
"""

from __future__ import annotations

import functools
import re

from mailparser_reply.constants import MAIL_LANGUAGES

LONGEST_HEADER = 400  # characters of "On … wrote:", over at most four lines
MOST_LINES = 20_000  # a longer text is no reply; it is shown whole
MOST_TRIES = 40  # how often the library's expressions are tried in one mail

# "Den mån 3 jan. 2022 kl 10:11 skrev Kim Ek <kim@…>:" and its like: a verb of writing, a time or an address, a colon.
WROTE = re.compile(
    r"\b(?:skrev|wrote|writes|schrieb|schreibt|kirjoitti|skreiv|har skrevet|a écrit|escribió|ha scritto|schreef|napisał"
    r"|escreveu|şunu yazdı|napisao|написа[лв]\w{0,2}|пиш(?:е|ет)|كتب\w{0,2}|كتابة|نوشت\w{0,3})\b",
    re.IGNORECASE,
)
TIME = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d{2}\b")
MAIL = re.compile(r"[\w.+-]+@[\w-]+|<mailto:")
WITHOUT_A_VERB = re.compile(  # "2018-01-03 10:11 GMT+01:00 Kim Ek <kim@…>:"
    r"^\d{4}-\d\d-\d\d,? \d{1,2}[:.]\d\d\b[^<>]{0,200}<\s?[^<>\s]{1,200}@[^<>\s]{1,200}\s?>\s?:$"
)
DATED = re.compile(  # the same as Gmail writes it in Russian: day, year, time, and who; elsewhere a sentence may look so
    r"^(?=[^<>]{0,60}[\u0400-\u04ff])[^<>]{3,60}\b(?:19|20)\d\d\b[^<>]{0,30}\b\d{1,2}[:.]\d\d\b[^<>\d]{0,120}<\s?[^<>\s]{1,200}@[^<>\s]{1,200}\s?>\s?:$"
)
BEGINS = re.compile(
    r"^(?:den|på|on|am|op|le|el|il|em|dnia|man|mån|tis|tir|ons|tor|tors|fre|lör|lør|sön|søn|ma|ti|ke|to|pe|la|su|mon|tue|wed|thu|fri|sat|sun"
    r"|\d{1,4}[./ -])",
    re.IGNORECASE,
)

# The lines that Outlook and its like put above what they quote, by what they mean.
LABELS = {
    "from": "från|from|von|fra|lähettäjä|keneltä|de|da|van|od",
    "sent": "skickat|sent|gesendet|sendt|lähetetty|datum|date|dato|päivämäärä|pvm|päiväys|envoyé|enviado|inviato|verzonden|skickad",
    "to": "till|to|an|til|vastaanottaja|kenelle|à|para|a|aan|do",
    "copy": "kopia|cc|kopie|kopi|kopio|bcc|hemlig kopia|reply-to|svara till|viktigt|prioritet|importance|bilagor|attachments",
    "subject": "ämne|subject|betreff|emne|aihe|objet|asunto|oggetto|onderwerp|re",
}
MEANING = {label: meaning for meaning, labels in LABELS.items() for label in labels.split("|")}
LABEL = re.compile(r"^[>\s*_|]{0,8}([^\W\d_][\w\- ]{0,20}?)\s?\*{0,2}:\*{0,2}(?:\s|$)")
RULE = re.compile(r"^[\s_\-=*–—]{0,120}$")

ORIGINAL = re.compile(
    r"^[\s>*]{0,8}-{2,20}\s?(?:ursprungligt meddelande|originalmeddelande|original message|original-nachricht"
    r"|ursprüngliche nachricht|ursprüngliche mail|original nachricht|alkuperäinen viesti|oprindelig meddelelse|opprinnelig melding"
    r"|original e-?mail|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht)\s?-{2,20}\s*$",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^\s*(?:vb|vbs|fw|fwd|wg|vl|vs|tr|rv|doorst|vidarebefordrat)\s*:", re.IGNORECASE
)
# Where a forward begins that the writer sends as it is: Apple Mail's lines, and the rules of others.
FORWARDED = re.compile(
    r"^\s*(?:vidarebefordrat brev|begin forwarded message|anfang der weitergeleiteten nachricht|välitetty viesti alkaa"
    r"|(?:start på )?videresendt (?:besked|melding|e-post))\s*:\s*$"
    r"|^\s*-{2,20}\s?(?:forwarded message|vidarebefordrat (?:meddelande|brev)|weitergeleitete nachricht"
    r"|välitetty viesti|videresendt (?:besked|melding|meddelelse))\s?-{2,20}\s*$",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"^(?:skickat från (?:min|mitt|outlook|mail|e-post|yahoo|samsung|proton)|hämta outlook|skaffa outlook"
    r"|sent from (?:my|mail|outlook|yahoo|proton|samsung|windows)|get outlook for|gesendet von (?:mein\w*|mail|outlook|yahoo)"
    r"|von meinem \w+ gesendet|outlook für \w+ (?:beziehen|herunterladen)|lähetetty (?:\w+sta|\w+stä|laitteesta)|hanki outlook"
    r"|sendt fra (?:min|outlook|mail|yahoo)|hent outlook|få outlook|envoyé de mon|enviado desde mi|inviato da|verzonden (?:vanaf|met))\b",
    re.IGNORECASE,
)
FOOTER_LINES = 3
DASHES = frozenset({"--", "-- ", "—", "– –"})


def fold(text: str, subject: str = "") -> tuple[str, str]:
    """What the writer says now, and what is folded away (either may be empty, not both unless the text is).

    Where folding would leave nothing to read, nothing is folded. Answers between the lines of a quotation stay with it.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return text.strip("\n"), ""
    end = _repeated_from(lines, forwarded=bool(FORWARD_SUBJECT.match(subject)))
    if any(FORWARDED.match(line) for line in lines[:end]):
        return text.strip("\n"), ""  # what is sent on is what is said
    end = _quoted_tail_from(lines, end)
    signed = _signature_from(lines, end)
    end = _quoted_tail_from(lines, signed) if signed < end else end
    start = _quoted_head_to(lines, end)
    said = "\n".join(lines[start:end]).strip("\n")
    if not said.strip():
        return text.strip("\n"), ""
    folded = ["\n".join(part).strip("\n") for part in (lines[:start], lines[end:])]
    return said.rstrip(), "\n\n".join(part for part in folded if part.strip())


def _is_quoted(line: str) -> bool:
    return line[:1] == ">" or (line[:1] == " " and line.lstrip(" ")[:1] == ">")


def _repeated_from(lines: list[str], *, forwarded: bool) -> int:
    """The first line of what a mail program repeats below, unmarked: everything after it is the mail before."""
    tries = MOST_TRIES
    for number, line in enumerate(lines):
        if (":" not in line and "：" not in line and "-" not in line) or _is_quoted(line):
            continue
        if ORIGINAL.match(line) and not forwarded:
            return number
        if ":" not in line:
            continue
        if not forwarded and _is_header_block(lines, number):
            return _rule_above(lines, number)
        if line.rstrip().endswith((":", "：", ":*", ":>")):
            begins, tries = _attribution_from(lines, number, tries)
            if begins is not None and not _answered_below(lines, number):
                return begins
    return len(lines)


def _rule_above(lines: list[str], number: int) -> int:
    """The line that a mail program draws above such a header, at most one empty line between them; else where it begins."""
    for above in (number - 1, number - 2):
        if above >= 0 and lines[above].strip():
            return above if RULE.match(lines[above]) else number
    return number


def _is_header_block(lines: list[str], number: int) -> bool:
    """Whether "From:", "Sent:", "To:", "Subject:" begin here in any of our languages: the first and two more of them."""
    first = LABEL.match(lines[number])
    if not first or MEANING.get(first[1].lower()) not in ("from", "sent"):
        return False
    meanings = set()
    for line in lines[number : number + 12]:
        label = LABEL.match(line)
        if label:
            meanings.add(MEANING.get(label[1].lower()))
    return len({"from", "sent", "to", "subject"} & meanings) >= 3


def _attribution_from(lines: list[str], number: int, tries: int) -> tuple[int | None, int]:
    """The line where "On … wrote:" begins whose colon stands at the end of line `number`; and the tries left."""
    window = ""
    for first in range(number, max(-1, number - 4), -1):
        line = lines[first].strip()
        if not line or _is_quoted(line) or len(window) + len(line) > LONGEST_HEADER:
            break
        window = f"{line} {window}".rstrip()
        if WROTE.search(window) and (
            MAIL.search(window) or (TIME.search(window) and _quotes_next(lines, number))
        ):
            if not BEGINS.match(window) and _continues(lines, first):
                continue
            return first, tries
        if WITHOUT_A_VERB.match(window) or DATED.match(window):
            return first, tries
        if tries > 0 and TIME.search(window):
            tries -= 1
            if any(expression.match(window) for expression in _elsewhere()):
                return first, tries
    return None, tries


def _continues(lines: list[str], first: int) -> bool:
    """Whether the line above belongs to the same header: a mail program broke it in two."""
    for above in (line.strip() for line in reversed(lines[max(0, first - 2) : first])):
        if not above or _is_quoted(above):
            return False
        if BEGINS.match(above) and (TIME.search(above) or MAIL.search(above)):
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
    for line in lines[number + 1 :]:
        if _is_quoted(line):
            quoted = True
        elif line.strip() and quoted:
            return not (line.rstrip() in DASHES or FOOTER.match(line.strip()))
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
            if lines[colon].rstrip().endswith(":") and all(above) and WROTE.search(" ".join(above)):
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


def _signature_from(lines: list[str], end: int) -> int:
    """The first line of the signature: after "-- " (RFC 3676 § 4.3), or what a telephone adds."""
    dashes = [number for number in range(end) if lines[number] in DASHES]
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
            if FOOTER.match(lines[number].strip(" *_")):
                return number
            if seen >= FOOTER_LINES:
                break
    return end
