"""The words that bring words in and give them out: a mail server's pipe, old mail, and everything as JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from gensvar.config.commands.setting_up import set_up, with_django

if TYPE_CHECKING:
    from gensvar.contactpoints.models import ContactPoint


@click.command()
@click.option("--to", "address", required=True, help="The address of ours that the mail came to.")
@click.option(
    "--from", "sender", default="", help="The sender in the mail's envelope, if the mail server says it."
)
def deliver(address: str, sender: str) -> int:
    """Take one mail from a mail server's pipe (on standard input).

    Exit code 0 says that it is kept; 75 that the mail server shall keep it and try again.
    """
    set_up()
    from gensvar.intake import pipe

    return pipe.deliver(sys.stdin.buffer, address, mail_from=sender)


@click.command(name="import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "address", required=True, help="The address of ours that the mail came to.")
@with_django
def import_(path: Path, address: str) -> None:
    """Bring old mail home from an mbox, a Maildir, or a folder of .eml or .box files.

    May be stopped and repeated: what is here already is not taken twice. No receipts are sent.
    """
    from gensvar.config.commands.progress import told
    from gensvar.intake import importing
    from gensvar.intake.boxes import NoMail

    point = _contact_point(address)
    try:
        with told(f"Importing into {point.name}", bytes_=True) as progress:
            counts = importing.import_path(
                path, point, lambda so_far: progress(so_far.done_bytes, so_far.total_bytes)
            )
    except KeyboardInterrupt:
        click.echo("Stopped. What was imported is kept; say the same again to go on.", err=True)
        raise SystemExit(130) from None
    except NoMail as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{counts.new} new, {counts.known} already here, {len(counts.failed)} not taken.")
    for file, reason in counts.failed:
        click.echo(f"  {file}: {reason}", err=True)
    click.echo("A running worker reads them into conversations now.")
    if counts.failed:
        raise SystemExit(1)


def _contact_point(address: str) -> ContactPoint:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.contract.channel import channel

    try:
        normal = channel("email").normalise(address)
    except ValueError as error:
        raise click.ClickException(f"“{address}” is not a mail address: {error}") from error
    point = ContactPoint.objects.filter(channel="email", address=normal).first()
    if point is None:
        known = (
            ", ".join(ContactPoint.objects.filter(channel="email").values_list("address", flat=True)[:10])
            or "none"
        )
        raise click.ClickException(
            f"No contact point has the address {normal} (there are: {known}). Nothing was imported."
        )
    return point


@click.command()
@click.argument("what", type=click.Choice(["conversations", "contact-points"]))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    help="One JSON object a line.",
)
@click.option(
    "--output",
    "-o",
    type=click.File("w", encoding="utf-8", atomic=True),
    default="-",
    help="A file, there only when whole; else standard output.",
)
@with_django
def export(what: str, form: str, output: TextIO) -> None:
    """Give out all conversations, or all places, as JSON lines."""
    from gensvar.config import export as exporting

    rows = exporting.conversations() if what == "conversations" else exporting.contact_points()
    output.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
