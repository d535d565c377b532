"""Sets up a real municipality: its settings, the function that holds it together, its first places and administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gensvar.config import environment
from gensvar.config.language import gettext as _

if TYPE_CHECKING:
    from gensvar.core.models import User

# What holds of every place from the first hour, in the language of its residents, until the municipality writes its own.
NOTICE: Final = "Det du skriver blir en allmän handling som andra kan begära ut. Skriv inget känsligt om dig själv eller andra."
ARCHIVING: Final = "Allt bevaras här. Inget gallras förrän arkivmyndigheten har beslutat det."


class AlreadyBegun(Exception):
    """There are log-ins in this database already; nothing was changed."""


class BadAddress(Exception):
    """The web address cannot be used; nothing was changed."""


def settings_of(*, name: str, url: str) -> dict[str, str]:
    """What the environment should say of this municipality. Raises BadAddress."""
    url = url.rstrip("/")
    if not environment.names_a_host(url, "http", "https"):
        raise BadAddress(
            _(
                "“{url}” is not a web address; it should begin with https:// or http://. Nothing was changed."
            ).format(url=url)
        )
    hosts = dict.fromkeys([urlsplit(url).hostname or "", "localhost", "127.0.0.1"])
    return {"GENSVAR_NAME": name, "GENSVAR_URL": url, "GENSVAR_ALLOWED_HOSTS": ",".join(hosts)}


def keep_settings(said: dict[str, str]) -> None:
    """Write them to GENSVAR_HOME/settings.env, readable by us alone, beside what it says already."""
    path = environment.kept_file()
    lines = [
        "# "
        + _(
            "Kept by “gensvar init”. The environment wins over what stands here; docs/reference/settings.md names all."
        )
    ]
    lines += [f"{name}={value}" for name, value in (environment.kept() | said).items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    new.replace(path)
    environment.kept.cache_clear()


def refuse_a_second() -> None:
    """Raises AlreadyBegun where somebody has a log-in, before anything is asked or made; Django must be set up."""
    from django.db import connection

    from gensvar.core.models import User

    if User._meta.db_table in connection.introspection.table_names() and User.objects.exists():
        raise AlreadyBegun(
            _("Somebody has a log-in here already: manage people in the desk. Nothing was changed.")
        )


def check_address(address: str) -> None:
    """Raises ValidationError or ValueError for what is no mail address that we could use."""
    from django.core.validators import validate_email

    from gensvar.contract.channel import carrying, channel
    from gensvar.contract.values import Address

    validate_email(address)
    channel(carrying(Address.MAILBOX)).normalise(address)


def check_password(password: str) -> None:
    """Raises ValidationError for one that is too easily guessed."""
    from django.contrib.auth.password_validation import validate_password

    validate_password(password)


def check(*, mail: str, admin: str, password: str | None) -> None:
    """All of it, as options say it. Raises ValidationError or ValueError."""
    for address in (mail, admin):
        check_address(address)
    if password is not None:
        check_password(password)


def set_up(*, name: str, mail: str, admin: str, admin_name: str, language: str, password: str | None) -> str:
    """Make the first rows of an empty, migrated database; returns a link at which to choose a password, or "".

    Raises AlreadyBegun where somebody has a log-in; the addresses and the password must have passed `check`.
    """
    from django.db import transaction

    with transaction.atomic():
        refuse_a_second()
        user = _make_administrator(admin, admin_name, language, password)
        _make_places(name, mail, user)
    return "" if password is not None else link_to_choose_password(user)


def _make_administrator(address: str, name: str, language: str, password: str | None) -> User:
    from gensvar.core.models import User
    from gensvar.core.roles import Role

    first, _, last = name.partition(" ")
    user = User.objects.create_user(address, password, first_name=first, last_name=last, language=language)
    user.hold({Role.ADMINISTRATOR, Role.COORDINATOR})
    return user


def _make_places(name: str, mail: str, user: User) -> None:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.contract.channel import arriving, carrying, channel
    from gensvar.contract.values import Address, Arrival
    from gensvar.core import audit, clock
    from gensvar.people.models import Function, Person, Tenure

    function = Function.objects.create(
        slug="information", name="Informationsenheten", name_en="Information office", coordinates=True
    )
    person = Person.objects.create(user=user, name=user.get_full_name(), email=user.email)
    Tenure.objects.create(person=person, function=function, starts=clock.today())
    letters = carrying(Address.MAILBOX)
    for form, address, title in (
        (letters, channel(letters).normalise(mail), name),
        (arriving(Arrival.FORM)[0], "skriv", "Skriv till oss"),
    ):
        ContactPoint.objects.create(
            channel=form,
            address=address,
            name=title,
            function=function,
            owner=person,
            state=ContactPoint.State.LIVE,
            notice=NOTICE,
            archiving=ARCHIVING,
            opened_on=clock.today(),
        )
    audit.note(None, "set up", user)


def link_to_choose_password(user: User) -> str:
    """A link, good for some days and once, at which this log-in chooses its password."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.conf import settings
    from django.urls import reverse

    token = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    key = dict(zip(("uidb36", "key"), token.split("-", 1), strict=True))
    return f"{settings.GENSVAR_URL}{reverse('account_reset_password_from_key', kwargs=key)}"
