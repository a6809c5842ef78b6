"""What is made of how a claimant is reached: the index by which people are found again."""

import json

import pytest
from django.core.management import call_command

from claims.contacts import make_person_key, renew_person_key
from claims.models import Claimant
from tests.factories import make_claim, make_claimant

pytestmark = pytest.mark.django_db


def test_people_of_one_name_who_had_no_index_get_it_once_and_those_who_are_twice_are_counted(action, capsys):
    one = {"given_name": "", "family_name": "Muster", "email": "m@muster.example"}
    known, twin, alone = (make_claimant(**one), make_claimant(**one), make_claimant(**one | {"email": "a@b.example"}))
    whole, nobody = make_claimant(), make_claimant(**one | {"email": ""})
    for claimant in (known, twin, alone, whole, nobody):
        make_claim(action, claimant)
    renew_person_key(known, action.matter_id)
    for expected in ({"renewed": 1, "twice": 1}, {"renewed": 0, "twice": 1}):
        call_command("renew_person_keys", "--json")
        assert json.loads(capsys.readouterr().out) == expected
    key = make_person_key(action.matter_id, **one | {"email": "a@b.example", "birth_date": "1990-05-02"})
    assert Claimant.objects.get(pk=alone.pk).person_key == key
    assert set(Claimant.objects.exclude(pk__in=[known.pk, alone.pk]).values_list("person_key", flat=True)) == {None}
