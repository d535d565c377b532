"""What a guest's picture shows in words is no title in the library any more: whoever names its key there reads the title."""

from django.db import migrations


def tell_nothing(apps, schema_editor):
    Image = apps.get_model("wagtailimages", "Image")
    given = apps.get_model("publishing", "GuestPicture").objects.filter(image__isnull=False)
    for pk, guest, image in given.values_list("pk", "guest_id", "image_id"):
        Image.objects.filter(pk=image).update(title=f"Gäst {guest}/{pk}")


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0029_held_posts'),
    ]

    operations = [migrations.RunPython(tell_nothing, migrations.RunPython.noop)]
