from django.db import migrations

KEYS = "(action_id, status, registered_at, id)"
TESTED = "habitual_residence, outcome, tier, channel, joined_on, criteria_version_id, findings"


def write_index(more: str):
    """Return the step that makes the index by status anew with these columns beside its keys; on PostgreSQL only."""

    def write(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return  # SQLite has no such index, and no book that needs it
        # The old one goes last: its lock keeps readers out until the transaction ends.
        schema_editor.execute(f"CREATE INDEX claim_by_status_new ON claims_claim {KEYS}{more}")
        schema_editor.execute("DROP INDEX claim_by_status")
        schema_editor.execute("ALTER INDEX claim_by_status_new RENAME TO claim_by_status")

    return write


class Migration(migrations.Migration):
    """What a filter tests stands in the index by status: a page reads no claims that it does not show.

    Django's own way to say so would warn on SQLite at each migration.
    """

    dependencies = [("claims", "0045_note_which_mail_announces_the_end")]

    operations = [migrations.RunPython(write_index(f" INCLUDE ({TESTED})"), write_index(""))]
