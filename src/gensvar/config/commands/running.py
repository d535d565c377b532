"""The words that keep Gensvar running: `run` for all of it on one machine, the others for each part alone."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Final

import click

from gensvar.config.commands.setting_up import set_up, with_django
from gensvar.config.language import gettext as _

EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # hosts that take a port on every address of the machine


@click.command(
    help=_(
        "Run all of it: web, mail and worker. Ctrl-C stops it.\n\n"
        "Brings the database up to date first. Whatever part dies is started again."
    )
)
@click.option(
    "--demo",
    is_flag=True,
    help=_("Move a demo municipality into an empty database; mail out is kept, not sent."),
)
@click.option(
    "--with-parent",
    is_flag=True,
    help=_("End when the process that started this one ends (make run does so)."),
)
def run(demo: bool, with_parent: bool) -> None:
    """Prepare in a process of its own, then keep three others alive until told to stop."""
    from gensvar.config.processes import lifeline

    if with_parent:
        lifeline.hold(os.getppid())
    if demo:
        os.environ["GENSVAR_DEMO"] = "1"
    from gensvar.config import settings

    _refuse_taken_ports()
    set_up()  # once: every process that follows is a fork of this one
    _load_rooms()
    _prepare(demo)
    _load_pages()  # now that all is in its place: what they tell of style sheets is read once

    from gensvar.config.processes.supervisor import Supervisor

    where = (settings.GENSVAR_HOST, settings.PORT)
    Supervisor(
        ["web", "mail", "worker"], _say, on_ready=lambda: _welcome(settings.GENSVAR_DEMO), port=where
    ).run()
    _say(_("Stopped."))


def _refuse_taken_ports() -> None:
    from gensvar.config import settings
    from gensvar.config.processes.supervisor import is_free

    parts = (
        (_("web"), settings.GENSVAR_HOST, settings.PORT, "PORT"),
        (_("mail by SMTP"), settings.GENSVAR_MAIL_HOST, settings.GENSVAR_SMTP_PORT, "GENSVAR_SMTP_PORT"),
        (_("mail by LMTP"), settings.GENSVAR_MAIL_HOST, settings.GENSVAR_LMTP_PORT, "GENSVAR_LMTP_PORT"),
    )
    wanted = {port for _what, _host, port, _name in parts}
    ours: list[tuple[str, str, int]] = []
    for what, host, port, name in parts:
        # The next thousands: whoever reads them sees whose they are. Of ports that are not ours to use the first is named.
        others = [*range(port + 1000, 2**16, 1000), *range(port - 1000, 1023, -1000)]
        other = next((one for one in others if one not in wanted and is_free(host, one)), others[0])
        for first, beside, taken in ours:
            if taken == port and (host == beside or {host, beside} & EVERYWHERE):
                raise click.ClickException(
                    _(
                        "{first} and {name} both say {port}; each needs a port of its own.\n"
                        "Choose another: {name}={other} gensvar run"
                    ).format(first=first, name=name, port=port, other=other)
                )
        if not is_free(host, port):
            raise click.ClickException(
                _(
                    "Port {port} on {host} ({what}) cannot be used: something else listens there, "
                    "or it is not ours to use.\n"
                    "Stop that, or choose another port: {name}={other} gensvar run"
                ).format(port=port, host=host, what=what, name=name, other=other)
            )
        ours.append((name, host, port))


def _prepare(demo: bool) -> None:
    """In a fork: what runs on opens no connection, and what was prepared takes no memory."""
    from gensvar.config.processes.supervisor import begin

    process = begin("prepare", *(["--demo"] if demo else []))
    try:
        process.join()
    except KeyboardInterrupt:
        process.terminate()
        process.join()
        raise SystemExit(130) from None
    if process.exitcode:
        raise SystemExit(process.exitcode)


def _load_rooms() -> None:
    """What it is prepared with, and what templates call, is of the pages too: a fork would load it for itself alone.

    Nothing of it reads a style sheet. Where that fails the fork says why.
    """
    from django.template import engines

    from gensvar.config import garbage

    with contextlib.suppress(Exception), garbage.lasting():
        import gensvar.config.preparing  # noqa: F401

        engines.all()


def _load_pages() -> None:
    """Once, for all that are forked from here. Where that fails the web says why when it fails too; mail is still taken."""
    from gensvar.config.processes import web as process

    with contextlib.suppress(Exception):
        process.load()


def _welcome(demo: bool) -> None:
    from gensvar.config import settings

    _say("")
    place = f"http://{settings.GENSVAR_HOST}:{settings.PORT}/"
    _say("  " + _("{name} is open:  {place}").format(name=settings.GENSVAR_NAME, place=place))
    _row(_("The desk:"), f"{place}desk/")
    mail = settings.GENSVAR_MAIL_HOST
    _row(_("Mail in:"), f"SMTP {mail}:{settings.GENSVAR_SMTP_PORT}, LMTP {mail}:{settings.GENSVAR_LMTP_PORT}")
    if demo:
        _row(_("Mail out:"), _("is kept, and can be looked at in the desk; nothing leaves this machine"))
        _introduce()
    _say("  " + _("Ctrl-C stops all of it."))
    _say("")


def _introduce() -> None:
    from gensvar.config import settings

    try:
        rows = json.loads((settings.GENSVAR_HOME / "run" / "log-ins.json").read_text())
    except FileNotFoundError:
        return
    for who, address, password in rows:
        _row(_("Log in:"), f"{address}   {password}   ({who})")


def _row(what: str, said: str) -> None:
    _say(f"  {what:<19}{said}")


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more: no reason to stop
        click.echo(sentence)
        sys.stdout.flush()


@click.command(help=_("Serve the web only."))
def web() -> None:
    """The web's main process, until it is told to stop."""
    from gensvar.config.processes import lifeline
    from gensvar.config.processes import web as process

    lifeline.hold_to_starter()
    set_up()
    process.serve()


@click.command(help=_("Take mail by SMTP and LMTP only."))
def mail() -> None:
    """The listener, until it is told to stop."""
    from gensvar.config.processes import lifeline
    from gensvar.config.processes import mail as process

    lifeline.hold_to_starter()
    set_up()
    process.serve()


@click.command(help=_("Do what waits: read, route, send. Run as many as you need."))
def worker() -> None:
    """The runner of handlers, until it is told to stop."""
    from gensvar.config.processes import lifeline
    from gensvar.config.processes import worker as process

    lifeline.hold_to_starter()
    set_up()
    process.work()


@click.command(
    help=_("Make the database and the style sheets ready, where needed. (“run” does this itself.)")
)
@click.option("--demo", is_flag=True, help=_("Also move a demo municipality into an empty database."))
@click.option("--static", is_flag=True, help=_("Only gather the style sheets and scripts."))
@with_django
def prepare(demo: bool, static: bool) -> None:
    """Each only where needed, by one process at a time; the style sheets by a process that says `--static`."""
    from gensvar.config import preparing
    from gensvar.config.commands.progress import told
    from gensvar.config.processes import lifeline

    lifeline.hold_to_starter()
    if static:
        _gather()
        return
    with told(_("Moving a demo municipality in (the first time only)")) as progress:
        preparing.prepare(_say, demo=progress if demo else None)


def _gather() -> None:
    from gensvar.config import preparing, settings
    from gensvar.config.commands.setting_up import plainly

    try:
        preparing.collect_static()
    except OSError as error:
        raise click.ClickException(
            plainly(error)
            or _(
                "{path} cannot be used: {error}. Let GENSVAR_STATIC_ROOT name a folder that this user may write to."
            ).format(path=settings.STATIC_ROOT, error=error.strerror)
        ) from error
