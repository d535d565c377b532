"""The full-text index of posts, filled with what is live."""

from django.db import migrations

from gensvar.publishing.posts import words


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE publishing_search_posts USING fts5("
            'words, detail=none, tokenize="unicode61 remove_diacritics 0")'
        )
        return
    schema_editor.execute(
        "CREATE TABLE publishing_search_posts ("
        "post_id integer PRIMARY KEY REFERENCES publishing_post (page_ptr_id) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    schema_editor.execute("CREATE INDEX publishing_search_posts_words ON publishing_search_posts USING gin (words)")


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE publishing_search_posts")


def fill(apps, schema_editor):
    """The gate looks again at every reading, so a row too many shows nothing."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    column, value = ("rowid", "%s") if sqlite else ("post_id", "array_to_tsvector(%s)")
    sql = f"INSERT INTO publishing_search_posts ({column}, words) VALUES (%s, {value})"
    posts = apps.get_model("publishing", "Post").objects.filter(live=True)
    with schema_editor.connection.cursor() as cursor:
        for post in posts.iterator(chunk_size=200):
            found = words.found_by(post)
            cursor.execute(sql, [post.pk, " ".join(found) if sqlite else found])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0018_languages_of_letters")]

    operations = [migrations.RunPython(make_index, drop_index), migrations.RunPython(fill, migrations.RunPython.noop)]
