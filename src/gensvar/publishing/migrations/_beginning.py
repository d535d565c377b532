"""What a new database begins with in this room beside its tables: the indexes of the search, and first rows.

The migrations that once brought each of them call it, and so does the squashed one. Nothing here may change: what a
municipality has changed since is its own.
"""

import datetime as dt
import uuid

WRITES = ("answerer", "editor", "coordinator", "external")
PUBLISHES = ("editor", "coordinator")
HOMES = (("sv", "Nytt", "nytt"), ("en", "News", "news"))

SINCE = dt.date(2026, 1, 1)
BBS = "lag (1998:112) om ansvar för elektroniska anslagstavlor, 5 §"
GROUNDS = (
    ("hot", "Hot", "Threat", BBS),
    ("intrang", "Olaga integritetsintrång", "Unlawful breach of privacy", BBS),
    ("uppvigling", "Uppvigling", "Incitement to crime", BBS),
    ("hets", "Hets mot folkgrupp", "Agitation against a population group", BBS),
    ("barn", "Barnpornografibrott", "Child pornography", BBS),
    ("vald", "Olaga våldsskildring", "Unlawful depiction of violence", BBS),
    ("upphovsratt", "Intrång i upphovsrätt", "Infringement of copyright", BBS),
    ("personuppgifter", "Personuppgifter om någon annan", "Personal data about somebody else", "EU:s dataskyddsförordning 2016/679, artikel 5 och 6"),
    ("fortal", "Förtal eller förolämpning", "Defamation or insult", "brottsbalken 5 kap."),
    ("enskilt", "Ett enskilt ärende, som hör hemma i ett samtal med oss", "An individual matter, which belongs in a conversation with us", ""),
    ("reklam", "Reklam eller skräp", "Advertising or spam", ""),
    ("annat-amne", "Hör inte till ämnet", "Off the subject", ""),
)

TRIED = dt.date(2026, 11, 23)
METHOD = (
    "De som har gjort tjänsten har prövat den själva: med axe-core på varje slags sida i ljust och mörkt läge och på 320 "
    "bildpunkters bredd, med bara tangentbordet och utan JavaScript. Ingen utifrån har granskat den än.",
    "Those who made the service tried it themselves: with axe-core on every kind of page in light and dark and at 320 pixels "
    "of width, by keyboard alone, and without JavaScript. Nobody from outside has reviewed it yet.",
)
FAILURES = (
    (
        "1.1.1",
        "Bilder och filer som invånare skickar till oss kan sakna textalternativ eller vara svåra att läsa med skärmläsare.",
        "Pictures and files that residents send us may lack a text alternative or be hard to read with a screen reader.",
        "exempt",
        "Filerna kommer från andra och vi råder inte över hur de är gjorda.",
        "The files come from others, and how they are made is not in our hands.",
        "Bilder som vi visar offentligt får en beskrivning. Fråga oss, så beskriver vi vad en fil innehåller.",
        "Pictures that we show in public get a description. Ask us, and we describe what a file holds.",
    ),
    (
        "3.1.2",
        "Ord på ett annat språk än sidans är utmärkta bara där vi känner språket.",
        "Words in another language than the page are marked only where the language is known.",
        "mending",
        "",
        "",
        "Texten kan läsas upp om man väljer språk för hand.",
        "The text can be read out by choosing the language by hand.",
    ),
)


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE publishing_search USING fts5("
            'words, detail=none, tokenize="unicode61 remove_diacritics 0")'
        )
        return
    schema_editor.execute(
        "CREATE TABLE publishing_search ("
        "exchange_id bigint PRIMARY KEY REFERENCES publishing_publicexchange (id), words tsvector NOT NULL)"
    )
    schema_editor.execute("CREATE INDEX publishing_search_words ON publishing_search USING gin (words)")


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE publishing_search")


def make_index_of_positions(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE publishing_search_positions USING fts5("
            'words, detail=none, tokenize="unicode61 remove_diacritics 0")'
        )
        return
    schema_editor.execute(
        "CREATE TABLE publishing_search_positions ("
        "position_id bigint PRIMARY KEY REFERENCES publishing_position (id), words tsvector NOT NULL)"
    )
    schema_editor.execute(
        "CREATE INDEX publishing_search_positions_words ON publishing_search_positions USING gin (words)"
    )


def drop_index_of_positions(apps, schema_editor):
    schema_editor.execute("DROP TABLE publishing_search_positions")


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


def add_grounds(apps, schema_editor):
    Ground = apps.get_model("publishing", "ModerationGround")
    for place, (slug, name, english, rule) in enumerate(GROUNDS):
        Ground.objects.get_or_create(
            slug=slug, since=SINCE, defaults={"name": name, "name_en": english, "rule": rule, "place": 10 * place}
        )


def begin_statement(apps, schema_editor):
    """The statement that comes with the program, until the municipality publishes its own: its first version."""
    names = ("criterion", "what", "what_en", "reason", "why", "why_en", "meanwhile", "meanwhile_en")
    failures = [dict(zip(names, row)) for row in FAILURES]
    said = {
        "body": "",
        "covers": "De öppna sidorna för frågor, svar och nyheter på den här adressen, och formulären där man skriver till kommunen.",
        "covers_en": "The public pages for questions, answers and news at this address, and the forms for writing to the municipality.",
        "aims": "WCAG 2.2 AA, EN 301 549 v3.2.1",
        "conformity": "partial",
        "method": METHOD[0],
        "method_en": METHOD[1],
        "assessed_on": TRIED,
        "review_on": None,
        "authority": "Myndigheten för digital förvaltning (Digg)",
        "authority_en": "The Agency for Digital Government (Digg)",
        "authority_url": "https://www.digg.se/tdosanmalan",
    }
    apps.get_model("publishing", "Statement").objects.create(pk=1, **said)
    Failure = apps.get_model("publishing", "Failure")
    for one in failures:
        Failure.objects.create(found_on=TRIED, **one)
    dates = {"found_on": TRIED.isoformat(), "planned_on": None, "mended_on": None}
    content = {**said, "assessed_on": TRIED.isoformat(), "failures": [one | dates for one in failures]}
    at = dt.datetime.combine(TRIED, dt.time(12), dt.timezone.utc)
    apps.get_model("publishing", "StatementVersion").objects.create(number=1, published_at=at, content=content)
