from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('documents', '0002_issue_certificates'),
    ]
    operations = [
        migrations.AddField(
            model_name='filing',
            name='manifest_pdf_sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
