"""`gensvar playbook`: the set-up of a municipality as one file, out and in; what it would change is shown before it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gensvar.config.commands.setting_up import spoken, with_django
from gensvar.config.language import gettext as _

if TYPE_CHECKING:
    from gensvar.core.models import User
    from gensvar.core.playbooks.file import Book
    from gensvar.core.playbooks.giving import Draft
    from gensvar.core.playbooks.plan import Plan

SHOWN = 200  # characters of a text in a table
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=_("The set-up of a municipality as one file: given out, and taken in by another."))
def playbook() -> None:
    """The three words follow."""


@playbook.command(
    name="export",
    help=_(
        "Write the set-up of this municipality to a file. It names no person.\n\n"
        "Texts in which something looks like personal data are shown; say what shall become of them."
    ),
)
@click.argument("path", metavar=_("FILE"), type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--found",
    type=click.Choice(["leave-out", "keep"]),
    help=_("What becomes of texts in which something was found: left out, or kept since you have read them."),
)
@with_django
def export(path: Path, found: str | None) -> None:
    """Look through, then write."""
    from gensvar.core.playbooks import giving

    with spoken():
        made = giving.draft()
        if made.found:
            _show_found(made)
        if made.found and found is None:
            raise click.ClickException(
                _("Read these texts, then say --found leave-out or --found keep. Nothing was written.")
            )
        kept = {one.id for one in made.found} if found == "keep" else set()
        try:
            data = giving.give(made, kept, by=None)
        except giving.NotGiven as error:
            raise click.ClickException(str(error)) from error
        with click.open_file(str(path), "wb", atomic=True) as opened:  # there only when whole
            opened.write(data)
        for part, count in made.counts:
            click.echo(f"{count:6} {part.title}")
    click.echo(_("Written to {path}.").format(path=path))


@playbook.command(
    help=_(
        "Show what a file would change here. Nothing is changed.\n\nExit code 1 where the file cannot be taken in."
    )
)
@click.argument("path", metavar=_("FILE"), type=FILE)
@with_django
def preview(path: Path) -> None:
    """Read and compare."""
    from gensvar.core.playbooks.plan import plan_of

    with spoken():
        _show(plan_of(_read(path), None))


@playbook.command(
    help=_(
        "Take in a file of another municipality, after showing what it changes. It cannot be undone.\n\n"
        "What is new is taken; what stands here stays as it is, unless --changes says otherwise."
    )
)
@click.argument("path", metavar=_("FILE"), type=FILE)
@click.option("--by", "address", required=True, help=_("The log-in (an administrator’s) that takes it in."))
@click.option("--changes", is_flag=True, help=_("Also change what stands here to what the file says."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@with_django
def take(path: Path, address: str, *, changes: bool, yes: bool) -> None:
    """Show, ask, do exactly that."""
    from gensvar.core.access import NotAllowed
    from gensvar.core.playbooks import services
    from gensvar.core.playbooks.file import NotAPlaybook
    from gensvar.core.playbooks.plan import plan_of

    with spoken():
        by, book = _log_in(address), _read(path)
        plan = plan_of(book, by)
        _show(plan)
        chosen = plan.offered if changes else plan.proposed
        if not chosen:
            click.echo(_("There is nothing to take."))
            return
        if not yes:
            click.confirm(
                _("Take {count} of these? It cannot be undone.").format(count=len(chosen)), abort=True
            )
        try:
            done = services.take(services.bring(path.read_bytes(), by=by), chosen, plan.mark, by=by)
        except NotAllowed as error:
            said = _("{address} may not take in playbooks. Nothing was changed.").format(address=address)
            raise click.ClickException(said) from error
        except (services.NotTaken, NotAPlaybook) as error:
            raise click.ClickException(str(error)) from error
    click.echo(_("{count} taken.").format(count=len(done.done)))


def _log_in(address: str) -> User:
    from gensvar.core.models import User

    found = User.objects.filter(email=address.strip().lower()).first()
    if found is None:
        raise click.ClickException(
            _("There is no log-in {address}. Nothing was changed.").format(address=address)
        )
    return found


def _read(path: Path) -> Book:
    from gensvar.core.playbooks import file

    with path.open("rb") as opened:
        data = opened.read(file.LARGEST + 1)
    try:
        return file.read(data)
    except file.NotAPlaybook as error:
        lines = [f"{one.where}: {one.what}" if one.where else one.what for one in error.troubles]
        raise click.ClickException(
            "\n".join([*lines, _("The file cannot be taken in. Nothing was changed.")])
        ) from error


def _show_found(made: Draft) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(_("part"), _("row"), _("field"), _("found"))
    for one in made.found:
        table.add_row(
            *(Text(str(each)) for each in (one.part.title, one.row, one.label, ", ".join(one.pieces)))
        )
    Console(stderr=True).print(table)


def _show(plan: Plan) -> None:
    """A table a part: what is new, what changes from what to what, what cannot be and why."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from gensvar.core.playbooks.part import Kind

    words = {Kind.NEW: _("new"), Kind.CHANGED: _("changed"), Kind.CANNOT: _("cannot")}
    console = Console()
    click.echo(_("The set-up of {source}").format(source=plan.book.source or "–"))
    if not plan.book.sealed:
        click.echo(_("The file has no digest: somebody has written on it."))
    for unknown in plan.book.unknown:
        click.echo(_("Not known here, and left aside: {name}").format(name=unknown))
    for planned in plan.parts:
        if not planned.changes:
            continue
        table = Table("", "", _("field"), _("here"), _("in the file"), title=str(planned.part.title))
        for change in planned.shown:
            said = "\n".join([*change.notes, change.reason]).strip()
            table.add_row(words[change.kind], Text(change.label), "", "", Text(said))
            for one in change.differences:
                before = "–" if one.before is None else _cut(one.before)
                table.add_row("", "", str(one.label), Text(before), Text(_cut(one.after)))
        console.print(table)
        click.echo(_("{count} stand here already.").format(count=planned.same))


def _cut(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= SHOWN else said[:SHOWN] + "…"
