"""The names and the numbers of the claims that are there already."""

from itertools import islice

from django.db import migrations

from claims.rules.names import hear, split_name

CHUNK = 5000
STANDING = ("submitted", "accepted")


def note_names(apps, schema_editor):
    claim, word_model, link = (apps.get_model("claims", name) for name in ("Claim", "NameWord", "NameLink"))
    known = {}
    claims = claim.objects.order_by("pk").values_list("pk", "action_id", "claimant__given_name", "claimant__family_name")
    rows = claims.iterator(CHUNK)
    while part := list(islice(rows, CHUNK)):
        found = [(pk, action, word) for pk, action, given, family in part for word in split_name(given, family)]
        new = sorted({(action, word) for _pk, action, word in found} - known.keys())
        words = word_model.objects.bulk_create([word_model(action_id=action, text=word, sound=hear(word)) for action, word in new])
        known |= {(word.action_id, word.text): word.pk for word in words}
        link.objects.bulk_create([link(claim_id=pk, word_id=known[action, word]) for pk, action, word in found])


def note_tallies(apps, schema_editor):
    """By day of UTC. The mandate is looked up in the answers, whose question only the documents of the action know."""
    actions, claim, tally = (apps.get_model("claims", name) for name in ("Action", "Claim", "ClaimTally"))
    for action in actions.objects.all():
        found = {}
        question = next((q["id"] for q in action.questions if q.get("declared", {}).get("kind", "").startswith("mandate")), "")
        claims = claim.objects.filter(action=action).values_list("status", "registered_at", "joined_on", "answers")
        for status, registered_at, joined_on, answers in claims.iterator(CHUNK):
            keys = [("status", status), ("registered", registered_at.date().isoformat())]
            keys += [("joined", joined_on.isoformat())] if joined_on else []
            keys += [("mandate", "")] if question and status in STANDING and answers.get(question) == "yes" else []
            for key in keys:
                found[key] = found.get(key, 0) + 1
        tally.objects.bulk_create(
            [tally(action=action, kind=kind, value=value, claims=n) for (kind, value), n in found.items()]
        )


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0024_read_the_book_from_any_place'),
    ]

    operations = [
        migrations.RunPython(note_names, migrations.RunPython.noop),
        migrations.RunPython(note_tallies, migrations.RunPython.noop),
    ]
