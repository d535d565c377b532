"""One tree of posts a language, who may do what in it, and a review by editors and coordinators."""

import uuid

from django.db import migrations

WRITES = ("answerer", "editor", "coordinator", "external")
PUBLISHES = ("editor", "coordinator")
HOMES = (("sv", "Nytt", "nytt"), ("en", "News", "news"))


def type_of(apps, app, model):
    found, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    return found


def permission(apps, app, model, codename):
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=type_of(apps, app, model), codename=codename, defaults={"name": codename.replace("_", " ")}
    )
    return found


def make_homes(apps, schema_editor):
    Page, Site = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Site")
    Locale, PostsHome = apps.get_model("wagtailcore", "Locale"), apps.get_model("publishing", "PostsHome")
    root = Page.objects.get(depth=1)
    place = max([int(path[4:], 36) for path in Page.objects.filter(depth=2).values_list("path", flat=True)] or [0])
    key, homes = uuid.uuid4(), []
    for language, title, slug in HOMES:
        locale, _ = Locale.objects.get_or_create(language_code=language)
        place += 1
        homes.append(
            PostsHome.objects.create(
                title=title, draft_title=title, slug=slug, content_type=type_of(apps, "publishing", "postshome"),
                path=f"{root.path}{place:04d}", depth=2, numchild=0, url_path=f"/{slug}/", locale=locale,
                translation_key=key, live=True,
            )
        )
    Page.objects.filter(pk=root.pk).update(numchild=root.numchild + len(homes))
    Site.objects.filter(is_default_site=True).update(root_page_id=homes[0].page_ptr_id)
    # Wagtail's own page of welcome, which nobody ever published here.
    welcome = Page.objects.filter(depth=2, slug="home", numchild=0, title__startswith="Welcome to your new Wagtail")
    if welcome.exists():
        welcome.delete()
        Page.objects.filter(pk=root.pk).update(numchild=root.numchild + len(homes) - 1)
    give_permissions(apps, homes)
    make_review(apps, homes)


def give_permissions(apps, homes):
    Group, Collection = apps.get_model("auth", "Group"), apps.get_model("wagtailcore", "Collection")
    OnPage = apps.get_model("wagtailcore", "GroupPagePermission")
    OnCollection = apps.get_model("wagtailcore", "GroupCollectionPermission")
    for group in Group.objects.filter(name__in=WRITES):
        verbs = ("add", "change", "publish") if group.name in PUBLISHES else ("add",)
        for home in homes:
            for verb in verbs:
                OnPage.objects.get_or_create(
                    group=group, page_id=home.pk, permission=permission(apps, "wagtailcore", "page", f"{verb}_page")
                )
        for verb in ("add", "choose"):
            OnCollection.objects.get_or_create(
                group=group,
                collection=Collection.objects.get(depth=1),
                permission=permission(apps, "wagtailimages", "image", f"{verb}_image"),
            )
        for model in ("source", "series") if group.name in PUBLISHES else ("source",):
            for verb in ("add", "change", "view"):
                group.permissions.add(permission(apps, "publishing", model, f"{verb}_{model}"))


def make_review(apps, homes):
    Group, Workflow = apps.get_model("auth", "Group"), apps.get_model("wagtailcore", "Workflow")
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.create(
        name="Granskning", active=True, content_type=type_of(apps, "wagtailcore", "groupapprovaltask")
    )
    task.groups.set(Group.objects.filter(name__in=PUBLISHES))
    workflow = Workflow.objects.create(name="Granskning före publicering", active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    for home in homes:
        apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page_id=home.pk)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_posts"),
        ("core", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_homes, migrations.RunPython.noop)]
