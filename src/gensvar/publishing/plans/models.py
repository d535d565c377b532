"""What is planned for a draft. Neighbours: services writes, the desk's calendar shows."""

from __future__ import annotations

from django.db import models

from gensvar.people.models import Person
from gensvar.publishing.posts.models import Post


class PostPlan(models.Model):
    """The day for which a post is planned (the municipality's), and whose turn it is. It goes with a draft that is thrown away."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="plan")
    day = models.DateField(null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # counts the changes: whoever saw an older one is told

    class Meta:
        indexes = (models.Index(fields=["day"], name="post_plan_day"),)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.day}"
