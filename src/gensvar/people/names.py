"""How two who speak together are named."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.people.models import Person


def both(one: Person, other: Person | None) -> str:
    """“Kim Ek och Sam Åberg” in the language of the reader; one name where there is one."""
    if other is None:
        return one.name
    return _("%(one)s and %(other)s") % {"one": one.name, "other": other.name}
