"""What the notices say of personal data, in a playbook: the texts alone, never who the municipality is. Neighbour: services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.municipality import queries, services
from gensvar.contactpoints.municipality.models import Provider
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Part, fields_of, filled
from gensvar.core.playbooks.shape import Field, Link, Record, Text

_TEXTS = ("legal_basis", "legal_basis_en", "retention", "retention_en", "recipients", "recipients_en")
_WHO = "who one municipality is, and where it is reached"
_ACT = "who said it and when"


class Notices(Part):
    """One row: on what ground, how long, who else, who supervises."""

    name: ClassVar[str] = "privacy_notice"
    title: ClassVar[str | Promise] = _("notice on personal data")
    shape: ClassVar[tuple[Field, ...]] = (
        *(Text(name=name, longest=3_000, lines=True) for name in _TEXTS),
        Text(name="privacy_authority", longest=200),
        Link(name="privacy_authority_url", longest=300),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"contactpoints.Provider"})
    left_out: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            (
                f"contactpoints.Provider.{name}"
                for name in (
                    *("legal_name", "organisation_number", "postal_address", "phone", "email"),
                    *("controller", "officer", "officer_email", "officer_phone"),
                )
            ),
            _WHO,
        ),
        "contactpoints.Provider.saved_at": _ACT,
        "contactpoints.Provider.saved_by": _ACT,
    }
    screen: ClassVar[str] = "desk:provider"
    model: ClassVar[type[models.Model] | None] = Provider

    def standing(self) -> Iterable[Record]:
        """What holds now."""
        return [fields_of(queries.provider(), self.shape)]

    def write(self, change: Change, by: User) -> models.Model:
        """A new row beside the older ones, as always; who the municipality is stays."""
        return services.save_provider(filled(queries.provider(), change.values), by=by)
