"""The word that says who speaks, and how few carry what we can answer; and the one that counts it anew."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import click

from gensvar.config.commands.setting_up import spoken, with_django
from gensvar.config.language import gettext as _

if TYPE_CHECKING:
    from gensvar.voices.shares import Selection

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(
    help=_(
        "Say how many voices we speak with, and what falls if people leave.\n\n"
        "Days are the municipality's, both included; without any, the last 90. Coverage is as of today."
    )
)
@click.option("--from", "starts", type=DAY, help=_("The first day, as 2026-10-01."))
@click.option("--to", "ends", type=DAY, help=_("The last day, today unless said."))
@click.option("--json", "as_json", is_flag=True, help=_("For machines: one JSON object."))
@click.option(
    "--rebuild",
    is_flag=True,
    help=_(
        "First count anew from the words themselves. Gensvar may run meanwhile; may be stopped and repeated."
    ),
)
@with_django
def voices(starts: dt.datetime | None, ends: dt.datetime | None, as_json: bool, rebuild: bool) -> None:
    """Count anew where asked, then print."""
    from gensvar.core import clock
    from gensvar.voices import report
    from gensvar.voices.shares import Selection

    last = ends.date() if ends else clock.today()
    first = starts.date() if starts else last - dt.timedelta(days=89)
    if last < first:
        raise click.BadParameter(_("The last day lies before the first."), param_hint="--to")
    if rebuild:
        count_anew()
        if starts is None and ends is None and not as_json:
            return
    chosen = Selection(first, last)
    if as_json:
        click.echo(json.dumps(report.as_json(chosen), ensure_ascii=False))
    else:
        with spoken():
            _show(chosen)


def count_anew() -> None:
    """Make all that is counted anew, saying how far it has come; leaves the process where somebody stops it."""
    from gensvar.config.commands.progress import told
    from gensvar.config.commands.stopping import stop_asked
    from gensvar.voices import rebuilding

    with stop_asked() as stop, told(_("Counting anew")) as progress:
        count = rebuilding.rebuild(progress, stopped=lambda: bool(stop))
    if count is None:
        click.echo(_("Stopped. Say the same again for the rest: nothing is counted twice."), err=True)
        raise SystemExit(128 + stop[0])
    click.echo(_("{count} words of ours are counted.").format(count=count), err=True)


def _show(chosen: Selection) -> None:
    from rich.console import Console
    from rich.table import Table

    from gensvar.voices import heard, report
    from gensvar.voices.plots import decimal, percent
    from gensvar.voices.shares import Unit

    messages, words = (report.said(chosen, unit) for unit in (Unit.MESSAGES, Unit.WORDS))
    answered, carried = heard.heard_in(chosen), report.carried()
    table = Table("", _("messages"), _("words"), box=None, pad_edge=False)
    spoken_words = {share.voice.pk: share for share in words.persons}
    for share in messages.persons:
        other = spoken_words.get(share.voice.pk)
        both = (f"{one.amount} ({percent(one.share)})" if one else "0" for one in (share, other))
        table.add_row(share.voice.name, *both)
    numbers = (messages.all, words.all)
    table.add_section()
    table.add_row(_("voices"), *(str(one.voices) for one in numbers))
    table.add_row(_("effective voices (N)"), *(decimal(one.effective) for one in numbers))
    table.add_row(_("largest share"), *(percent(one.top) for one in numbers))
    console = Console()
    console.print(f"{chosen.starts} – {chosen.ends}")
    console.print(table)
    part = percent(answered.unanswered_share)
    said = _(
        "{unanswered} of {asked} conversations are unanswered ({share}); half get an answer within, whoever waits counted in: {hours} h."
    )
    if answered.mostly_waiting:
        said = _(
            "{unanswered} of {asked} conversations are unanswered ({share}): fewer than half have an answer."
        )
    hours = decimal(answered.hours)
    click.echo(said.format(unanswered=answered.unanswered, asked=answered.asked, share=part, hours=hours))
    click.echo(_carried(carried))


def _carried(carried: object) -> str:
    from gensvar.voices.report import Carried

    assert isinstance(carried, Carried)
    truck = carried.truck
    if truck is None:
        return _("No place is covered: nobody who can has answered within 180 days.")
    names = ", ".join(person.name for person in carried.named(truck.leavers))
    if truck.exact:
        said = _(
            "{cells} places × topics are covered. If {count} leave, more than half have nobody: {names}."
        )
    else:
        said = _(
            "{cells} places × topics are covered. At least {lower} and at most {count} must leave before more than "
            "half have nobody; these would be enough: {names}."
        )
    sentence = said.format(cells=truck.cells, lower=truck.lower, count=truck.upper, names=names)
    beside = _("(Counted one at a time, whoever covers most first: {count}.)").format(count=len(truck.greedy))
    return f"{sentence} {beside}"
