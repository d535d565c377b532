"""The vocabulary of topics: a list with how often each is used, and a form to name, merge or take away one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gensvar.core import topics as vocabulary
from gensvar.core.models import Topic
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import put_errors
from gensvar.desk.managing.forms import MergeForm, TopicForm


@needs(May.MANAGE_TOPICS)
def topics(request: HttpRequest) -> HttpResponseBase:
    """All words that may be chosen; as many queries as there are kinds of things that have topics."""
    return render(request, "desk/managing/topics.html", {"rows": vocabulary.counted()})


@needs(May.MANAGE_TOPICS)
def topic(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One word: name it, let it become another, or take away one that nothing uses."""
    found = get_object_or_404(vocabulary.in_use(), pk=pk) if pk is not None else Topic()
    action = request.POST.get("action", "save") if request.method == "POST" else ""
    form = TopicForm(request.POST if action == "save" else None, instance=found)
    merging = MergeForm(found, request.POST if action == "merge" else None) if found.pk else None
    done = ""
    try:
        done = _done(request, found, action, form, merging)
    except ValidationError as refusal:
        if action == "save":
            put_errors(form, refusal)
        else:
            messages.error(request, " ".join(refusal.messages))
    if done:
        messages.success(request, done)
        return redirect("desk:topics")
    context = {
        "form": form,
        "merging": merging,
        "topic": found,
        "title": str(Topic.objects.get(pk=found.pk)) if found.pk else _("New topic"),
        "used": vocabulary.uses(found) if found.pk else 0,
    }
    return render(request, "desk/managing/topic.html", context)


def _done(request: HttpRequest, found: Topic, action: str, form: TopicForm, merging: MergeForm | None) -> str:
    """Do what the button says, if it can be done; gives the sentence that says what was done."""
    user = user_of(request)
    if action == "save" and form.is_valid():
        return _("%(topic)s is saved.") % {"topic": vocabulary.save_topic(form.instance, by=user)}
    if action == "merge" and merging is not None and merging.is_valid():
        into = merging.cleaned_data["into"]
        vocabulary.merge_topics(found, into, by=user)
        return _("%(topic)s is now %(into)s.") % {"topic": found, "into": into}
    if action == "delete" and found.pk:
        name = str(found)
        vocabulary.delete_topic(found, by=user)
        return _("%(topic)s is gone; nothing used it.") % {"topic": name}
    return ""
