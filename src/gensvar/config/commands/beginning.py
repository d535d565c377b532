"""The words of the first day: set up a municipality of one's own, or look at a demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from gensvar.config.commands.setting_up import set_up, spoken, with_django
from gensvar.config.language import gettext as _


@click.command(help=_("Set up a municipality of your own. Asks for what no option says."))
@click.option("--name", help=_("The municipality's name, as residents say it."))
@click.option("--url", help=_("The web address that residents use, such as https://samtal.example.se."))
@click.option("--mail", help=_("The first mail address that takes words, such as kontakt@example.se."))
@click.option("--admin", help=_("The first administrator's mail address, to log in with."))
@click.option("--admin-name", help=_("The first administrator's name."))
@click.option(
    "--language", type=click.Choice(["sv", "en"]), help=_("The administrator's language in the desk.")
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False),
    help=_(
        "A file with the administrator's password. Also: GENSVAR_ADMIN_PASSWORD or GENSVAR_ADMIN_PASSWORD_FILE."
    ),
)
@click.option(
    "--no-password",
    is_flag=True,
    help=_("Set no password: print a link at which the administrator chooses one."),
)
def init(
    name: str | None,
    url: str | None,
    mail: str | None,
    admin: str | None,
    admin_name: str | None,
    language: str | None,
    password_file: str | None,
    no_password: bool,
) -> None:
    """Ask, make the database ready and its first rows, and keep the settings."""
    from gensvar.config import environment, first_day

    try:
        name = name or click.prompt(
            _("The municipality's name"), default=environment.text("GENSVAR_NAME") or None
        )
        known = environment.text("GENSVAR_URL") or "http://127.0.0.1:8000"
        url = url or click.prompt(
            _("The web address that residents use"), default=known, value_proc=_web_address
        )
        said = first_day.settings_of(name=name, url=url)
        os.environ |= said
        link = _begin(name, mail, admin, admin_name, language, no_password, password_file)
    except (first_day.AlreadyBegun, first_day.BadAddress) as error:
        raise click.ClickException(str(error)) from error
    except (click.Abort, KeyboardInterrupt):
        click.echo("\n" + _("Nothing was set up."), err=True)
        if not sys.stdin.isatty():
            click.echo(_("Without a terminal, say all of it by options: gensvar init --help"), err=True)
        raise
    first_day.keep_settings(said)
    where = environment.home()
    click.echo(
        "\n" + _("{name} is set up in {home}. Start it with: gensvar run").format(name=name, home=where)
    )
    if link:
        click.echo(_("Choose your password at {link}").format(link=link))
    click.echo(
        _("Let your mail server hand mail for that address to the SMTP or LMTP port; see docs/how-to.")
    )


@with_django
def _begin(
    name: str,
    mail: str | None,
    admin: str | None,
    admin_name: str | None,
    language: str | None,
    no_password: bool,
    password_file: str | None,
) -> str:
    """Ask the rest, each thing until it will do, and make the first rows; returns the link at which to choose a password, or ""."""
    from django.core.exceptions import ValidationError

    from gensvar.config import first_day, preparing

    first_day.refuse_a_second()
    mail = mail or click.prompt(
        _("The first mail address that takes words"), value_proc=_accepted(first_day.check_address)
    )
    admin_name = admin_name or click.prompt(_("Your name (the first administrator)"))
    admin = admin or click.prompt(
        _("Your mail address, to log in with"), value_proc=_accepted(first_day.check_address)
    )
    language = language or click.prompt(_("Your language"), type=click.Choice(["sv", "en"]), default="sv")
    password = None if no_password else _password(password_file)
    try:
        first_day.check(mail=mail, admin=admin, password=password)
        preparing.prepare(click.echo)
        return first_day.set_up(
            name=name, mail=mail, admin=admin, admin_name=admin_name, language=language, password=password
        )
    except (ValidationError, ValueError) as error:
        raise click.ClickException(_("{said} Nothing was set up.").format(said=_in_words(error))) from error


def _web_address(answer: str) -> str:
    """As `_accepted`, before Django has read its settings: this is one of them."""
    from gensvar.config import first_day

    try:
        first_day.settings_of(name="", url=answer)
    except first_day.BadAddress as error:
        raise click.BadParameter(str(error)) from error
    return answer


def _accepted(check: Callable[[str], None]) -> Callable[[str], str]:
    """What a prompt asks of each answer: the answer itself, or why it will not do, and then it is asked again."""
    from django.core.exceptions import ValidationError

    def accepted(answer: str) -> str:
        try:
            check(answer)
        except (ValidationError, ValueError) as error:
            raise click.BadParameter(_in_words(error)) from error
        return answer

    return accepted


def _in_words(error: Exception) -> str:
    with spoken():
        return " ".join(getattr(error, "messages", None) or [str(error)])


def _password(file: str | None) -> str:
    """The password as an option, the environment or a person says it."""
    from gensvar.config import environment, first_day

    if file:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError) as error:
            said = _("{file} cannot be read as text. Nothing was set up.").format(file=file)
            raise click.ClickException(said) from error
    if given := environment.text("GENSVAR_ADMIN_PASSWORD"):
        return given
    answer: str = click.prompt(
        _("A password of at least 12 characters"),
        hide_input=True,
        confirmation_prompt=True,
        value_proc=_accepted(first_day.check_password),
    )
    return answer


@click.command(
    name="let-in",
    help=_(
        "Let a log-in begin anew whose owner has lost the password or the app with the codes.\n\n"
        "Takes away both, ends its sessions, and prints a link at which a new password is chosen."
    ),
)
@click.argument("address")
@with_django
def let_in(address: str) -> None:
    """For whoever runs the machine, where no administrator can do it in the desk."""
    from gensvar.config import first_day
    from gensvar.core.models import User
    from gensvar.people import logins

    user = User.objects.filter(email__iexact=address.strip()).first()
    if user is None:
        raise click.ClickException(
            _("Nobody logs in with {address}. Nothing was changed.").format(address=address)
        )
    logins.begin_anew(user, by=None)
    click.echo(_("Choose a password at {link}").format(link=first_day.link_to_choose_password(user)))
    click.echo(_("The link is good for three days and once. The log of acts says that it was made here."))


@click.command(
    help=_("Move the demo municipality into an empty database. (“run --demo” does so, and runs it.)")
)
def demo() -> None:
    """Load the demo, and name its log-ins."""
    os.environ["GENSVAR_DEMO"] = "1"
    set_up()
    from gensvar.config import demo as town
    from gensvar.config import preparing
    from gensvar.config.commands.progress import told

    preparing.migrate(click.echo)
    with told(_("Moving a demo municipality in")) as progress:
        loaded = preparing.load_demo(progress)
    if not loaded:
        raise click.ClickException(
            _("There are data in this database already; the demo goes only into an empty one.")
        )
    for who, address, password in town.log_ins():
        click.echo(f"  {address}   {password}   ({who})")
