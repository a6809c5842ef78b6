"""What constraints of Django cannot say: append-only tables, and the matter of a claim being that of its action.

SQLite loses triggers when a later migration rebuilds their table: such a migration runs `install_guards` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Tables whose rows are never changed or removed: what happened, and the words that findings and people rely on.
FIXED_TABLES = ("claims_historyevent", "claims_criteriaversion", "claims_declarationtext")

POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION claims_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
    """ALTER TABLE claims_claim ADD CONSTRAINT claim_has_the_matter_of_its_action
    FOREIGN KEY (action_id, matter_id) REFERENCES claims_action (id, matter_id)""",
    *(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION claims_refuse_change()"
        for table in FIXED_TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION claims_refuse_change()"
        for table in FIXED_TABLES
    ),
    *(  # TRUNCATE fires no trigger of rows
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION claims_refuse_change()"
        for table in FIXED_TABLES
    ),
)
SQLITE = (
    *(  # INSERT OR REPLACE removes a row without a DELETE
        f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"""  # noqa: S608
        for table, key in zip(FIXED_TABLES, ("number", "id", "id"), strict=True)
    ),
    *(
        f"""CREATE TRIGGER claim_has_the_matter_of_its_action_{when} BEFORE {when} ON claims_claim
        WHEN NOT EXISTS (SELECT 1 FROM claims_action WHERE id = NEW.action_id AND matter_id = NEW.matter_id)
        BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: claim_has_the_matter_of_its_action'); END"""  # noqa: S608
        for when in ("INSERT", "UPDATE")
    ),
    *(
        f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"""
        for table in FIXED_TABLES
    ),
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, 'rows of {table} are never removed'); END"""
        for table in FIXED_TABLES
    ),
)


def install_guards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the guards of the database in use."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)  # no placeholders: the % is one of PL/pgSQL


class Migration(migrations.Migration):
    dependencies = (("claims", "0001_people_actions_claims_jobs_history"),)
    operations = (migrations.RunPython(install_guards),)
