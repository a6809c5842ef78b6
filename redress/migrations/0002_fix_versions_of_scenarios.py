"""Versions of a scenario are never changed or removed: runs rest on them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIXED_TABLES = ("redress_scenariodocument",)
POSTGRESQL = (  # the function is of claims 0002
    """CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION claims_refuse_change()""",
    """CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION claims_refuse_change()""",
    """CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION claims_refuse_change()""",
)
SQLITE = (
    """CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END""",
    """CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END""",
    """CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'rows of {table} are never removed'); END""",
)


def install_guards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the guards of the database in use."""
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for table in FIXED_TABLES:
        for statement in statements:
            schema_editor.execute(statement.format(table=table), params=None)


class Migration(migrations.Migration):
    dependencies = (("redress", "0001_keep_scenarios_and_their_runs"), ("claims", "0002_hold_promises_in_the_database"))
    operations = (migrations.RunPython(install_guards),)
