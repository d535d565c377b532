"""Conversations of a period as a file, for whoever hands out records or keeps them elsewhere; the log says who took what.

It is written to its end before anything of it leaves: where a row failed in the middle of a stream, the file would end there,
and look whole. Neighbour: conversations.export says what stands in it; here it is chosen, and written as lines or as text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import textwrap
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gensvar.conversations.export import to_hand_out
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.queries import visible_to
from gensvar.conversations.states import State
from gensvar.core import audit, clock
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_field
from gensvar.people.models import Function

LINES: Final = "jsonl"
TEXT: Final = "txt"
FORMS: Final = {
    TEXT: gettext_lazy("text, to be read"),
    LINES: gettext_lazy("JSON lines, for another system"),
}
TYPES: Final = {TEXT: "text/plain; charset=utf-8", LINES: "application/jsonl; charset=utf-8"}
MONTH: Final = dt.timedelta(days=30)
YEARS: Final = range(1900, 2200)  # what lies beyond has no next day, or no moment in every time zone
IN_MEMORY: Final = 1_000_000  # bytes; a larger file lies on the disk, without a name, while it is taken


class ChoiceForm(forms.Form):
    """Which conversations, and how they are written."""

    starts = day_field(gettext_lazy("begun from"))
    ends = day_field(gettext_lazy("until and with"))
    function = forms.ModelChoiceField(
        Function.objects.all(),
        label=gettext_lazy("function"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    state = forms.ChoiceField(
        choices=[("", gettext_lazy("all but spam")), *State.choices],
        label=gettext_lazy("state"),
        required=False,
    )
    written = forms.ChoiceField(choices=list(FORMS.items()), label=gettext_lazy("written as"))
    notes = forms.BooleanField(
        label=gettext_lazy("with notes among staff"),
        required=False,
        help_text=gettext_lazy("They are our own working notes. Think before you hand them out."),
    )

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last, and both are of a year that can be reckoned with."""
        values: dict[str, Any] = super().clean() or {}
        for name in ("starts", "ends"):
            if values.get(name) and values[name].year not in YEARS:
                self.add_error(name, _("Choose a day."))
        if values.get("starts") and values.get("ends") and values["starts"] > values["ends"]:
            self.add_error("ends", _("The last day cannot lie before the first."))
        return values


@needs(May.GIVE_OUT)
def give_out(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, the file. It is noted before anything leaves, with how many there are."""
    user, today = user_of(request), clock.today()
    form = ChoiceForm(request.POST or None, initial={"starts": today - MONTH, "ends": today, "written": TEXT})
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/giving_out.html", {"form": form})
    values = form.cleaned_data
    write = {TEXT: as_text, LINES: _as_line}[values["written"]]
    end = {TEXT: _last_line, LINES: _no_line}[values["written"]]
    file, count, sha256 = _written(
        to_hand_out(chosen(visible_to(user), values), notes=values["notes"]), write, end
    )
    audit.note(
        user,
        "conversations.give_out",
        values["function"],
        starts=values["starts"].isoformat(),
        ends=values["ends"].isoformat(),
        state=values["state"],
        written=values["written"],
        notes=values["notes"],
        count=count,
        sha256=sha256,
    )
    name = _("conversations-%(starts)s-%(ends)s-%(count)s-in-all") % {
        "starts": values["starts"],
        "ends": values["ends"],
        "count": count,
    }
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.{values['written']}",
        content_type=TYPES[values["written"]],
    )


def chosen(among: QuerySet[Conversation], values: dict[str, Any]) -> QuerySet[Conversation]:
    """Those that began on these days; what was merged into another stands there."""
    found = among.filter(
        opened_at__gte=clock.begins(values["starts"]),
        opened_at__lt=clock.begins(values["ends"] + dt.timedelta(days=1)),
        merged_into=None,
    )
    if values["function"] is not None:
        found = found.filter(function=values["function"])
    if values["state"]:
        return found.filter(state=values["state"])
    return found.exclude(state=State.SPAM)


def _written(
    rows: Iterable[dict[str, Any]], write: Callable[[dict[str, Any]], str], end: Callable[[int], str]
) -> tuple[IO[bytes], int, str]:
    """The file from its beginning, how many conversations are in it, and the SHA-256 of it, by which it is known again."""
    count, digest = 0, hashlib.sha256()
    with ExitStack() as where_it_fails:
        file = where_it_fails.enter_context(SpooledTemporaryFile(IN_MEMORY))

        def put(text: str) -> None:
            data = text.encode()
            file.write(data)
            digest.update(data)

        for row in rows:
            put(write(row))
            count += 1
        put(end(count))
        file.seek(0)
        where_it_fails.pop_all()  # the response closes it
    return file, count, digest.hexdigest()


def _last_line(count: int) -> str:
    """What stands at the end of a text, so that one sees that nothing was cut off."""
    said = ngettext(
        "End of the file: %(count)s conversation.", "End of the file: %(count)s conversations.", count
    )
    return said % {"count": count} + "\n"


def _no_line(count: int) -> str:
    """Each line of JSON is a conversation and nothing else: the file's name says how many there are."""
    return ""


def _as_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def as_text(row: dict[str, Any]) -> str:
    """One conversation as somebody reads it from paper. Words are set in, so that nobody's can look like a line of ours."""
    state = State(row["state"]).label
    parts = [
        f"{row['number']}  {row['subject']}".rstrip(),
        f"{row['function'] or _('no function')} · {state}",
    ]
    if row["protected"]:
        parts.append(
            _("Somebody with a protected identity takes part, so no words stand here. Read them in the desk.")
        )
    parts += [_word(one) for one in row["messages"]]
    return "\n\n".join(parts) + "\n\n" + "=" * 72 + "\n\n"


def _word(said: dict[str, Any]) -> str:
    who = " ".join(part for part in (said["from_name"], f"<{said['from']}>" if said["from"] else "") if part)
    at = timezone.localtime(dt.datetime.fromisoformat(said["sent_at"]), timezone.get_default_timezone())
    way = {
        Message.Direction.IN: _("From %(who)s, %(time)s"),
        Message.Direction.OUT: _("Answer by %(who)s, %(time)s"),
        Message.Direction.NOTE: _("Note by %(who)s, %(time)s"),
    }[Message.Direction(said["direction"])]
    lines = [way % {"who": who or _("unknown"), "time": f"{at:%Y-%m-%d %H:%M}"}]
    if said["attachments"]:
        names = ", ".join(file["filename"] for file in said["attachments"])
        lines.append(_("Files: %(names)s") % {"names": names})
    return "\n".join([*lines, "", textwrap.indent(said["body"], "    ")])
