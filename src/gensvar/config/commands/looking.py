"""The words for looking after Gensvar: is all well, and how much is where."""

from __future__ import annotations

import json

import click

from gensvar.config.commands.setting_up import set_up, spoken, with_few_rooms
from gensvar.config.language import gettext as _

MARKS = {"well": ("✓", "green"), "unsure": ("!", "yellow"), "bad": ("✗", "red")}


@click.command(
    help=_("Say of each part whether it is well, and what to do if not. Exit code 1 if any is not.")
)
@click.option(
    "--not-running",
    is_flag=True,
    help=_("Leave out what is only there while Gensvar runs: ports and worker."),
)
@click.option("--quiet", "-q", is_flag=True, help=_("Say only what is not well."))
def check(not_running: bool, quiet: bool) -> None:
    """Examine, and print what was found."""
    set_up()
    from gensvar.config import health

    with spoken():  # channels say it in the reader's language
        findings = health.examine(running=not not_running)
    for finding in findings:
        if quiet and finding.state == "well":
            continue
        mark, colour = MARKS[finding.state]
        click.secho(f" {mark} ", fg=colour, nl=False)
        click.echo(f"{finding.part}: {finding.said}")
        if finding.advice:
            click.echo(f"     → {finding.advice}")
    if any(finding.state == "bad" for finding in findings):
        raise SystemExit(1)


@click.command(help=_("Say how many envelopes, conversations and deliveries are in which state."))
@click.option("--json", "as_json", is_flag=True, help=_("For machines: one JSON object."))
@with_few_rooms
def status(as_json: bool) -> None:
    """Count, for machines or as a table."""
    from gensvar.config.status import status as counted

    counts = counted()
    if as_json:
        click.echo(json.dumps(counts))
        return
    from rich.console import Console
    from rich.table import Table

    from gensvar.answers.models import Delivery
    from gensvar.conversations.states import State
    from gensvar.intake.models import Envelope

    table = Table("", _("state"), _("count"), box=None, pad_edge=False)
    with spoken():  # the states have their names from their own rooms
        for what, names, states in (
            (_("envelopes"), Envelope.State, counts["envelopes"]),
            (_("conversations"), State, counts["conversations"]),
            (_("deliveries"), Delivery.State, counts["deliveries"]),
        ):
            for number, (state, count) in enumerate(states.items()):
                table.add_row("" if number else what, str(names(state).label), str(count))
    Console().print(table)
    waited = f"{counts['oldest_waiting_s']:g}"
    click.echo(_("The oldest work that is due has waited {seconds} s.").format(seconds=waited))
