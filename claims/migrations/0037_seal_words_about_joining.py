from django.db import migrations, models

from claims.base import vault


def seal_words(apps, schema_editor):
    """Seal what stood in the open, each with the key of the person, or of the file, that it is about."""
    files, proofs = apps.get_model("claims", "JoiningFile"), apps.get_model("claims", "JoiningProof")
    claimants, parts = apps.get_model("claims", "Claimant"), apps.get_model("claims", "JoiningPart")
    for file in files.objects.exclude(data_key="").iterator():
        sealed = vault.seal_text(file.data_key, file.source, place=f"joining file {file.code} source")
        files.objects.filter(pk=file.pk).update(source=sealed)
    proofs.objects.exclude(file=None).update(source="")  # the file says it
    for proof in proofs.objects.select_related("claim__claimant").filter(file=None).iterator():
        seal_proof(proofs, claimants, proof, ("source", "taken_back_reason"))
    for proof in proofs.objects.select_related("claim__claimant").exclude(file=None).exclude(taken_back_reason=""):
        seal_proof(proofs, claimants, proof, ("taken_back_reason",))
    parts.objects.filter(sealed="").delete()
    parts.objects.exclude(file__job__state__in=["waiting", "running"]).delete()


def seal_proof(proofs, claimants, proof, names):
    claimant = proof.claim.claimant
    if not claimant.data_key:
        claimants.objects.filter(pk=claimant.pk, data_key="").update(data_key=vault.make_data_key())
        claimant.refresh_from_db(fields=["data_key"])
    place = f"claim {proof.claim.reference} proof of joining {proof.reference}"
    fields = {"source": "source", "taken_back_reason": "reason"}
    sealed = {
        name: vault.seal_text(claimant.data_key, getattr(proof, name), place=f"{place} {fields[name]}")
        for name in names
        if getattr(proof, name)
    }
    proofs.objects.filter(pk=proof.pk).update(**sealed)


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0036_take_registrations_as_sent_in_one_statement'),
    ]

    operations = [
        migrations.AlterField(
            model_name='joiningfile',
            name='source',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='joiningproof',
            name='source',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='joiningproof',
            name='taken_back_reason',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(seal_words, migrations.RunPython.noop),
    ]
