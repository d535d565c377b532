"""The words for looking after Gensvar: is all well, and how much is where."""

from __future__ import annotations

import json

import click

from gensvar.config.commands.setting_up import with_django

MARKS = {"well": ("✓", "green"), "unsure": ("!", "yellow"), "bad": ("✗", "red")}


@click.command()
@click.option(
    "--not-running", is_flag=True, help="Leave out what is only there while Gensvar runs: ports and worker."
)
@click.option("--quiet", "-q", is_flag=True, help="Say only what is not well.")
def check(not_running: bool, quiet: bool) -> None:
    """Say of each part whether it is well, and what to do if not. Exit code 1 if any is not."""
    from gensvar.config.commands.setting_up import set_up

    set_up()
    from django.utils import translation

    from gensvar.config import health

    with translation.override(
        "en"
    ):  # channels say it in the reader's language; the command line's is English
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


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines: one JSON object.")
@with_django
def status(as_json: bool) -> None:
    """Say how many envelopes, conversations and deliveries are in which state."""
    from gensvar.config.status import status as counted

    counts = counted()
    if as_json:
        click.echo(json.dumps(counts))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("", "state", "count", box=None, pad_edge=False)
    for what, states in (
        ("envelopes", counts["envelopes"]),
        ("conversations", counts["conversations"]),
        ("deliveries", counts["deliveries"]),
    ):
        for number, (state, count) in enumerate(states.items()):
            table.add_row("" if number else what, state, str(count))
    Console().print(table)
    click.echo(f"The oldest work that is due has waited {counts['oldest_waiting_s']:g} s.")
