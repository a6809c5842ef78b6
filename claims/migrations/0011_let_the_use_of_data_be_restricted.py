from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("claims", "0010_remember_former_addresses"),)
    operations = (
        migrations.AddField("claimant", "restricted_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("claimant", "erased_at", models.DateTimeField(null=True, blank=True)),
    )
