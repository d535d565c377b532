"""Log-ins, facts waiting for their handlers, the audit log, counters and topics; every other room may point here."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager, Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock, languages, prepared
from gensvar.core.roles import EXTERNAL_ALONE, May, Role, go_together, permissions_of


class UserManager(BaseUserManager["User"]):
    """Makes log-ins; an e-mail address is the name that one logs in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A log-in without any role. Raises ValueError without an address."""
        if not email:
            raise ValueError("A log-in needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A log-in that Django lets do everything; Gensvar's own desk still asks for roles."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """The log-in with that address, whatever the case it is written in."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A log-in of somebody who works in the desk. Residents have none."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.GENSVAR_STAFF_LANGUAGES, default="sv"
    )
    access_until = models.DateField(
        _("access ends after"),
        null=True,
        blank=True,
        help_text=_("The last day on which this person can log in."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def has_access(self) -> bool:
        """Whether this log-in may be used today."""
        return self.is_active and (self.access_until is None or self.access_until >= clock.today())

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held, from the groups of the same names."""
        known = {role.value for role in Role}
        names = prepared.rows(_groups(), self.pk)
        return frozenset(Role(name) for (name,) in names if name in known)

    def hold(self, roles: Iterable[Role]) -> None:
        """Hold exactly these roles; groups that are no roles stay.

        Raises ValidationError for External beside another: Wagtail asks each group for itself, so only a group that is
        not there gives nothing.
        """
        wanted = frozenset(roles)
        if not go_together(wanted):
            raise ValidationError({"roles": EXTERNAL_ALONE})
        others = self.groups.exclude(name__in=[role.value for role in Role])
        self.groups.set([*others, *Group.objects.filter(name__in=[role.value for role in wanted])])
        self.__dict__.pop("roles", None)  # what this instance remembered

    def may(self, permission: May) -> bool:
        """Whether this person may do that today; nothing is allowed after access ended."""
        return self.has_access and permission in permissions_of(self.roles)


@functools.cache
def _groups() -> prepared.Statement:
    """What asks for the names of a log-in's groups."""
    asked = Group.objects.filter(user=prepared.ANYBODY).order_by().values_list("name")
    return prepared.statement(asked)


class Event(models.Model):
    """A fact and one handler that it starts; written in the transaction of the fact, run by a worker (core.runner)."""

    class State(models.IntegerChoices):
        """Where the handling stands."""

        WAITING = 0
        DONE = 1
        FAILED = 2

    class Lane(models.IntegerChoices):
        """Which loop of the worker runs it: what only needs the database never waits for the network.

        The database's loop takes FIRST before the rest: in a flood, words come in before answers go out. The network's
        takes LATER after the rest: a letter to five thousand keeps no answer waiting.
        """

        DATABASE = 0
        NETWORK = 1
        FIRST = 2
        LATER = 3

    fact = models.CharField(max_length=80)
    handler = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.DATABASE)
    state = models.SmallIntegerField(choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    key = models.CharField(  # noqa: DJ001  (unique among rows of recurring work, absent from all others)
        max_length=120, null=True, unique=True
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lane", "run_at"], name="event_waiting", condition=Q(state=0)),
            models.Index(fields=["created_at"], name="event_failed", condition=Q(state=2)),
        ]

    def __str__(self) -> str:
        return f"{self.fact} → {self.handler}"


class AuditEntry(models.Model):
    """Who did what to which row, and when. Rows are only added."""

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target_type} {self.target_id}"


class Counter(models.Model):
    """A number that grows by one, for human numbers such as 2026-000123."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class PublicChange(models.Model):
    """That what the public sees changed: written in the change's own transaction, looked at every second (core.freshness).

    Rows are only added, so that no two changes wait for each other; a day-old one is of no use.
    """

    at = models.DateTimeField(db_index=True)
    takes_away = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Topic(models.Model):
    """A word of the municipality's own vocabulary, in Swedish and English."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    merged_into = models.ForeignKey(  # its old address leads there
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return languages.named(self.name, self.name_en)


class KeptBytes(models.Model):
    """Bytes kept for ever with a row: small ones in it, large ones in a file named by their digest (core.files)."""

    raw = models.BinaryField(null=True)
    raw_sha256 = models.CharField(max_length=64)
    raw_size = models.PositiveBigIntegerField()

    class Meta:
        abstract = True

    def read_raw(self) -> bytes:
        """The bytes as they were kept. Raises FileNotFoundError if a large one's file is gone."""
        from gensvar.core import files

        if self.raw is not None:
            return bytes(self.raw)
        return files.read(self.raw_sha256)
