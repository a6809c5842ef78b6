from django.db import migrations

KEYS = "(action_id, status, habitual_residence, outcome, tier, registered_at, id)"
TESTED = "channel, joined_on, criteria_version_id, findings"


def write_index(more: str):
    """Return the step that makes the index by facets anew with these columns beside its keys; on PostgreSQL only."""

    def write(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return  # SQLite has no such index, and no book that needs it
        # Beside people at work: nobody waits for any of it. A broken off one leaves half an index behind.
        schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS claim_by_facets_new")
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY claim_by_facets_new ON claims_claim {KEYS}{more}")
        schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS claim_by_facets")
        schema_editor.execute("ALTER INDEX claim_by_facets_new RENAME TO claim_by_facets")

    return write


class Migration(migrations.Migration):
    """What a filter tests stands in the index by facets, as in the one by status: a look reads no claims themselves."""

    atomic = False  # PostgreSQL makes no index beside people at work within a transaction

    dependencies = [("claims", "0046_test_filters_of_the_book_on_an_index")]

    operations = [migrations.RunPython(write_index(f" INCLUDE ({TESTED})"), write_index(""))]
