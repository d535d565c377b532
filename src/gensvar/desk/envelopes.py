"""What could not be read: the error, the bytes as received, and another try. Nothing that arrived is ever lost from sight."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gensvar.conversations.protecting import may_end, names_protected, protected_among
from gensvar.core import audit
from gensvar.core.covering import cover_bytes
from gensvar.core.roles import May
from gensvar.desk import files
from gensvar.desk.access import needs, user_of
from gensvar.intake import queries, services
from gensvar.intake.models import Envelope

PAGE = 50


@needs(May.SEE_ENVELOPES)
def envelopes(request: HttpRequest) -> HttpResponseBase:
    """The envelopes whose reading failed, newest first."""
    page = Paginator(queries.failed_envelopes(), PAGE).get_page(request.GET.get("p"))
    unsaid = protected_among(one.mail_from for one in page)
    rows = [(one, _("Protected identity") if one.mail_from in unsaid else one.mail_from) for one in page]
    return render(request, "desk/envelopes.html", {"page": page, "rows": rows})


@needs(May.SEE_ENVELOPES)
def raw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes as they were received, to be saved, with what opens something covered; looking is noted. Where they say where a
    protected person is reached, only for who may end that: others are told why."""
    user = user_of(request)
    envelope = get_object_or_404(Envelope, pk=pk, state=Envelope.State.FAILED)
    data = envelope.read_raw()
    if not may_end(user) and names_protected(data + b"\n" + envelope.mail_from.encode()):
        said = _(
            "It may say where a protected person is reached, so it is not given out here. Ask a coordinator."
        )
        messages.error(request, said)
        return redirect("desk:envelopes")
    audit.note(user, "envelope.download", envelope)
    return files.download(cover_bytes(data), f"kuvert-{pk}.txt", "text/plain; charset=utf-8")


@require_POST
@needs(May.SEE_ENVELOPES)
def retry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read it once more."""
    services.retry(get_object_or_404(Envelope, pk=pk), by=user_of(request))
    messages.success(request, _("We read it once more now. If it works it leaves this list."))
    return redirect("desk:envelopes")
