from django.db import migrations
from django.db.models import Count, F


def take_off_who_left(apps, schema_editor):
    """Claims that were withdrawn or merged after joining are in no number of the joined any more."""
    claims, tallies = apps.get_model("claims", "Claim"), apps.get_model("claims", "ClaimTally")
    left = claims.objects.filter(joined_on__isnull=False, status__in=["withdrawn", "merged"])
    for action, day, n in left.values_list("action_id", "joined_on").annotate(n=Count("id")).order_by():
        kept = tallies.objects.filter(action_id=action, kind="joined", value=day.isoformat(), claims__gte=n)
        kept.update(claims=F("claims") - n)


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0032_open_actions_in_the_browser"),
    ]

    operations = [
        migrations.RunPython(take_off_who_left, migrations.RunPython.noop),
    ]
