"""The index of what is public beside exchanges, posts and positions, as migrations make and fill it; learning fills its own part.

The gates look again at every reading, so a row too many shows nothing.
"""

from gensvar.conversations.stems import indexed


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE publishing_search_further USING fts5("
            'words, detail=none, tokenize="unicode61 remove_diacritics 0")'
        )
        return
    schema_editor.execute(
        "CREATE TABLE publishing_search_further (entry_id bigint PRIMARY KEY, words tsvector NOT NULL)"
    )
    schema_editor.execute(
        "CREATE INDEX publishing_search_further_words ON publishing_search_further USING gin (words)"
    )


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE publishing_search_further")


def keep(schema_editor, kind, entry, texts):
    """One row, as publishing.index writes it."""
    words = [f"\ue001{kind:x}", *indexed(*(text for text in texts if text))]
    sqlite = schema_editor.connection.vendor == "sqlite"
    column, value = ("rowid", "%s") if sqlite else ("entry_id", "array_to_tsvector(%s)")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO publishing_search_further ({column}, words) VALUES (%s, {value})",
            [entry * 16 + kind, " ".join(words) if sqlite else words],
        )
