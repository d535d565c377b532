"""Pictures that guests gave lie in a collection of their own, beside that of all others.

What a role has at Wagtail's root reaches down to every collection, so what it had there it has in each of the others instead.
"""

from django.db import migrations
from django.db.models import F

from gensvar.publishing.migrations._beginning import PUBLISHES, permission, type_of

OURS = "Bilder"
GUESTS = "Gästers bilder"


def set_apart(apps, schema_editor):
    Collection = apps.get_model("wagtailcore", "Collection")
    root = Collection.objects.get(depth=1)
    before = list(Collection.objects.filter(depth=2).exclude(name=GUESTS))
    ours, guests = below(Collection, root, OURS), below(Collection, root, GUESTS)

    OnCollection = apps.get_model("wagtailcore", "GroupCollectionPermission")
    at_root = OnCollection.objects.filter(
        collection=root, permission__content_type=type_of(apps, "wagtailimages", "image")
    )
    for one in list(at_root):
        for place in {ours.pk, *(other.pk for other in before)}:
            OnCollection.objects.get_or_create(
                group_id=one.group_id, collection_id=place, permission_id=one.permission_id
            )
    at_root.delete()
    for group in apps.get_model("auth", "Group").objects.filter(name__in=PUBLISHES):
        OnCollection.objects.get_or_create(
            group=group,
            collection=guests,
            permission=permission(apps, "wagtailimages", "image", "choose_image"),
        )

    Image = apps.get_model("wagtailimages", "Image")
    given = apps.get_model("publishing", "GuestPicture").objects.filter(image__isnull=False)
    Image.objects.filter(pk__in=given.values("image")).update(collection=guests)
    Image.objects.filter(collection=root).update(collection=ours)


def below(Collection, root, name):
    """The collection of that name right below the root; a new one stands last."""
    beside = Collection.objects.filter(depth=2)
    found = beside.filter(name=name).first()
    if found is None:
        last = max((int(path[len(root.path) :], 36) for path in beside.values_list("path", flat=True)), default=0)
        found = Collection.objects.create(name=name, depth=2, path=root.path + step(last + 1), numchild=0)
        Collection.objects.filter(pk=root.pk).update(numchild=F("numchild") + 1)
    return found


def step(number):
    """Four digits to the base of 36, as treebeard counts."""
    digits = ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0026_pictures_of_guests'),
    ]

    operations = [migrations.RunPython(set_apart, migrations.RunPython.noop)]
