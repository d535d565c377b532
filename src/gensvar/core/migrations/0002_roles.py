"""The six roles as groups; all but nobody may enter the admin shell, what each sees there the desk decides."""

from django.db import migrations

ROLES = ("answerer", "editor", "coordinator", "registrar", "external", "administrator")
ALL_MAY = (
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("wagtailimages", "image", "choose_image", "Can choose image"),
    ("wagtaildocs", "document", "choose_document", "Can choose document"),
)


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    permissions = [_permission(apps, *named) for named in ALL_MAY]
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    in_collections = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for name in ROLES:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions)
        for permission in permissions[1:]:
            in_collections.get_or_create(group=group, collection=root, permission=permission)
    _remove_wagtails_own(apps)


def _permission(apps, app, model, codename, name):
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": name}
    )
    return permission


def _remove_wagtails_own(apps):
    """Wagtail's migrations make two groups, and a review by one of them: a role says all that they would."""
    groups = apps.get_model("auth", "Group").objects.filter(name__in=("Moderators", "Editors"))
    approvals = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(groups__in=groups)
    tasks = list(approvals.values_list("pk", flat=True))
    apps.get_model("wagtailcore", "Workflow").objects.filter(workflow_tasks__task__in=tasks).delete()
    apps.get_model("wagtailcore", "Task").objects.filter(pk__in=tasks).delete()
    groups.delete()


class Migration(migrations.Migration):
    # All of Wagtail's before this: what they give to each group of that time would depend on the order otherwise.
    dependencies = [
        ("core", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
