import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import documents.models.certificates


class Migration(migrations.Migration):
    dependencies = [
        ('documents', '0001_keep_filings_and_their_files'),
        ('claims', '0002_hold_promises_in_the_database'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('code', models.CharField(default=documents.models.certificates.make_code, editable=False, max_length=16, unique=True)),
                ('contents', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('claim', 'language', 'sha256'), name='certificate_once_for_the_same_contents')],
            },
        ),
    ]
