
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0042_read_the_history_of_an_action'),
    ]

    operations = [
        migrations.AddField(
            model_name='acceptance',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
    ]
