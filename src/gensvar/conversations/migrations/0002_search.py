"""The full-text index over messages: FTS5 on SQLite, a tsvector with GIN on PostgreSQL."""

from django.db import migrations


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE conversations_search USING fts5("
            "words, detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '='\")"
        )
        return
    schema_editor.execute(
        "CREATE TABLE conversations_search ("
        "message_id bigint PRIMARY KEY REFERENCES conversations_message (id), words tsvector NOT NULL)"
    )
    schema_editor.execute("CREATE INDEX conversations_search_words ON conversations_search USING gin (words)")


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE conversations_search")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
