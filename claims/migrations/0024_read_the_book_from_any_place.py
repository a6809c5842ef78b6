import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CASCADE = django.db.models.deletion.CASCADE
KINDS = [
    ("status", "by status"), ("registered", "registered by day"), ("joined", "joined by day"),
    ("mandate", "standing with a mandate"),
]


def make_id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def point_to(model, **options):
    return models.ForeignKey(on_delete=CASCADE, to=model, **options)


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0023_keep_former_answers_sealed'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimTally',
            fields=[
                make_id(),
                ('action', point_to('claims.action', db_index=False, related_name='tallies')),
                ('kind', models.CharField(choices=KINDS, max_length=10)),
                ('value', models.CharField(blank=True, max_length=12)),
                ('claims', models.BigIntegerField(default=0)),
            ],
            options={'constraints': [
                models.UniqueConstraint(fields=('action', 'kind', 'value'), name='claim_tally_once'),
                models.CheckConstraint(condition=models.Q(('claims__gte', 0)), name='claim_tally_not_negative'),
            ]},
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                make_id(),
                ('action', point_to('claims.action', db_index=False, related_name='+')),
                ('text', models.CharField(max_length=40)),
                ('sound', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('action', 'text'), name='name_word_once')],
                'indexes': [
                    models.Index(fields=['action', 'text'], name='name_word_begins', opclasses=['int8_ops', 'varchar_pattern_ops']),
                    models.Index(fields=['action', 'sound'], name='name_word_sounds'),
                ],
            },
        ),
        migrations.CreateModel(
            name='NameLink',
            fields=[
                ('pk', models.CompositePrimaryKey('claim', 'word', blank=True, editable=False, primary_key=True, serialize=False)),
                ('claim', point_to('claims.claim', db_constraint=False, db_index=False, related_name='+')),
                ('word', point_to('claims.nameword', db_constraint=False, db_index=False, related_name='+')),
            ],
            options={'indexes': [models.Index(fields=['word', 'claim'], name='name_link_by_word')]},
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                make_id(),
                ('action', point_to('claims.action', db_index=False, related_name='saved_views')),
                ('user', point_to(settings.AUTH_USER_MODEL, related_name='+')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('is_shared', models.BooleanField(default=False, verbose_name='shared with all who work in this action')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={'constraints': [models.UniqueConstraint(fields=('action', 'user', 'name'), name='saved_view_once')]},
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['action', 'status', 'registered_at', 'id'], name='claim_by_status'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['action', 'status', 'habitual_residence', 'outcome', 'tier', 'registered_at', 'id'], name='claim_by_facets'),
        ),
        migrations.AddIndex(
            model_name='claimant',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='claimant_by_email'),
        ),
    ]
