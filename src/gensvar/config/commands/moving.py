"""The words that bring words in and give them out: a mail server's pipe, old mail, and everything as JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from gensvar.config.commands.setting_up import set_up, spoken, with_few_rooms
from gensvar.config.commands.stopping import stop_asked
from gensvar.config.language import gettext as _

if TYPE_CHECKING:
    from gensvar.contactpoints.models import ContactPoint


@click.command(
    help=_(
        "Take one mail from a mail server's pipe (on standard input).\n\n"
        "Exit code 0 says that it is kept; 75 that the mail server shall keep it and try again."
    )
)
@click.option("--to", "address", required=True, help=_("The address of ours that the mail came to."))
@click.option(
    "--from", "sender", default="", help=_("The sender in the mail's envelope, if the mail server says it.")
)
def deliver(address: str, sender: str) -> int:
    """Hand it to intake; gives the exit code."""
    set_up(few_rooms=True)
    from gensvar.intake import pipe

    return pipe.deliver(sys.stdin.buffer, address, mail_from=sender)


class MailUnlessNamed(click.Group):
    """A group whose first word may be left out: `import PATH --to ADDRESS` means mail, as it always did."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word in where none of ours stands."""
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = ["mail", *args]
        return super().parse_args(ctx, args)


@click.group(
    name="import",
    cls=MailUnlessNamed,
    subcommand_metavar=_("[mail] PATH | wordpress FILE [OPTIONS]"),
    help=_(
        "Bring old words home: mail, or a blog.\n\n"
        "“gensvar import PATH --to ADDRESS” takes mail; “gensvar import wordpress FILE --function NAME” a blog."
    ),
)
def import_() -> None:
    """The kinds of old words follow."""


@import_.command(
    name="mail",
    help=_(
        "Bring old mail home from an mbox, a Maildir, or a folder of .eml or .box files.\n\n"
        "May be stopped and repeated: what is here already is not taken twice. No receipts are sent."
    ),
)
@click.argument("path", metavar=_("PATH"), type=click.Path(exists=True, path_type=Path))
@click.option("--to", "address", required=True, help=_("The address of ours that the mail came to."))
@with_few_rooms
def import_mail(path: Path, address: str) -> None:
    """Keep every mail that is not here already, and say how many."""
    from gensvar.config.commands.progress import told
    from gensvar.intake import importing
    from gensvar.intake.boxes import NoMail

    point = _contact_point(address)
    with stop_asked() as stop, spoken():
        try:
            with told(_("Importing into {place}").format(place=point.name), bytes_=True) as progress:
                counts = importing.import_path(
                    path,
                    point,
                    lambda so_far: progress(so_far.done_bytes, so_far.total_bytes),
                    stopped=lambda: bool(stop),
                )
        except NoMail as error:
            raise click.ClickException(str(error)) from error
    said = _("{new} new, {known} already here, {failed} not taken.")
    click.echo(said.format(new=counts.new, known=counts.known, failed=len(counts.failed)))
    for file, reason in counts.failed:
        click.echo(f"  {file}: {reason}", err=True)
    if counts.stopped:
        click.echo(
            _("Stopped. What is counted here is kept. Say the same again to go on: nothing comes twice."),
            err=True,
        )
        raise SystemExit(128 + stop[0])
    click.echo(_("A running worker reads them into conversations now."))
    if counts.failed:
        raise SystemExit(1)


def _contact_point(address: str) -> ContactPoint:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.contactpoints.queries import receiving
    from gensvar.contract.channel import carrying, channel
    from gensvar.contract.values import Address

    mail = carrying(Address.MAILBOX)
    try:
        normal = channel(mail).normalise(address)
    except ValueError as error:
        with spoken():
            said = _("“{address}” is not a mail address: {error}").format(address=address, error=error)
        raise click.ClickException(said) from error
    point = ContactPoint.objects.filter(channel=mail, address=normal).first() or receiving(
        mail, normal, closed=True
    )
    if point is None:
        known = ", ".join(
            ContactPoint.objects.filter(channel=mail)
            .exclude(address="")
            .values_list("address", flat=True)[:10]
        ) or _("none")
        raise click.ClickException(
            _(
                "No contact point has the address {address} (there are: {known}). Nothing was imported."
            ).format(address=normal, known=known)
        )
    return point


@click.command(help=_("Give out all conversations, all places, or who did what, as JSON lines."))
@click.argument("what", type=click.Choice(["conversations", "contact-points", "acts"]))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    help=_("One JSON object a line."),
)
@click.option(
    "--output",
    "-o",
    type=click.File("w", encoding="utf-8", atomic=True),
    default="-",
    help=_("A file, there only when whole; else standard output."),
)
@click.option(
    "--without-keys",
    is_flag=True,
    help=_("Cover what opens a writer's own page, so that a line can be handed out."),
)
@with_few_rooms
def export(what: str, form: str, output: TextIO, without_keys: bool) -> None:
    """One line a row, in pieces."""
    from gensvar.config import export as exporting

    kinds = {
        "conversations": lambda: exporting.conversations(keys=not without_keys),
        "contact-points": exporting.contact_points,
        "acts": exporting.acts,
    }
    output.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in kinds[what]())
