"""The master key can be changed while people work, and the change can be stopped and gone on with."""

import pytest

from claims import keys
from claims.base import vault
from claims.keys import rotate_keys
from claims.models import Claimant
from tests.factories import make_claimant

pytestmark = pytest.mark.django_db
OTHER = bytes(range(32))


@pytest.fixture
def sealed(settings):
    claimants = [make_claimant(data_key=vault.make_data_key()) for _ in range(3)]
    make_claimant()
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, "master-2": OTHER}
    return [(one.pk, vault.seal(one.data_key, b"own words", place="x")) for one in claimants]


def test_every_key_is_wrapped_anew_and_opens_what_it_sealed(sealed, settings):
    assert rotate_keys() == keys.Rotation(rewrapped=3)
    del settings.FIELD_KEYS["master"]
    for pk, value in sealed:
        assert vault.open_sealed(Claimant.objects.get(pk=pk).data_key, value, place="x") == b"own words"
    assert rotate_keys() == keys.Rotation(current=3)


def test_a_stopped_rotation_goes_on(sealed, monkeypatch):
    rewrap, left = vault.rewrap, [1]

    def stop_after_one(data_key):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return rewrap(data_key)

    monkeypatch.setattr(vault, "rewrap", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys()
    monkeypatch.setattr(vault, "rewrap", rewrap)
    assert rotate_keys() == keys.Rotation(rewrapped=2, current=1)


def test_a_key_whose_master_is_gone_is_counted_and_left_as_it_is(sealed, settings):
    del settings.FIELD_KEYS["master"]
    assert rotate_keys() == keys.Rotation(unreadable=3)
    assert Claimant.objects.filter(data_key__startswith="master:").count() == 3
