from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATUSES = [
    ("submitted", "registered with us"), ("accepted", "accepted"), ("refused", "refused"),
    ("withdrawn", "withdrawn"), ("merged", "merged into another claim"),
]


def install_guards_of_claims(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite has made the table of claims anew for the constraint, and lost its triggers."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in import_module("claims.migrations.0002_hold_promises_in_the_database").SQLITE:
        if "ON claims_claim\n" in statement:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0020_keep_machines_from_filling_the_book'),
    ]

    operations = [
        migrations.AlterField('claim', 'status', models.CharField(choices=STATUSES, default="submitted", max_length=12)),
        migrations.RemoveConstraint('claim', 'claim_status_known'),
        migrations.AddConstraint('claim', models.CheckConstraint(
            condition=models.Q(status__in=[name for name, _ in STATUSES]), name="claim_status_known",
        )),
        migrations.RunPython(install_guards_of_claims, migrations.RunPython.noop),
    ]
