"""What is sealed opens with its own key at its own place, and nowhere else."""

import pytest

from claims.base import vault

OTHER = bytes(range(32))


@pytest.fixture
def key():
    return vault.make_data_key()


def test_what_is_sealed_opens_again_and_never_looks_the_same(key):
    sealed = [vault.seal(key, b"in own words", place="claim A") for _ in range(2)]
    assert [vault.open_sealed(key, one, place="claim A") for one in sealed] == [b"in own words"] * 2
    assert sealed[0] != sealed[1]


def test_a_value_that_was_moved_or_changed_does_not_open(key):
    sealed = vault.seal(key, b"secret", place="claim A")
    with pytest.raises(vault.Unreadable):
        vault.open_sealed(key, sealed, place="claim B")
    with pytest.raises(vault.Unreadable):
        vault.open_sealed(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), place="claim A")


def test_the_key_of_another_person_opens_nothing(key):
    sealed = vault.seal(key, b"secret", place="claim A")
    with pytest.raises(vault.Unreadable):
        vault.open_sealed(vault.make_data_key(), sealed, place="claim A")


@pytest.mark.parametrize("data_key", ["", "master", "master:", "master:AAAA", "gone:AAAA", "index:AAAA"])
def test_what_is_no_data_key_says_so(data_key):
    with pytest.raises(vault.Unreadable, match="FIELD_KEYS"):
        vault.seal(data_key, b"secret", place="claim A")


def test_text_comes_back_sign_by_sign(key):
    text = "Ünï \u202e Ελληνικά 🙂"
    assert vault.open_text(key, vault.seal_text(key, text, place="x"), place="x") == text
    with pytest.raises(vault.Unreadable):
        vault.open_text(key, "no base64!", place="x")


def test_a_new_master_key_wraps_the_same_data_key(key, settings):
    sealed = vault.seal(key, b"secret", place="x")
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, "master-2": OTHER}
    newer = vault.rewrap(key)
    assert (vault.is_current(key), vault.is_current(newer)) == (False, True)
    del settings.FIELD_KEYS["master"]
    assert vault.open_sealed(newer, sealed, place="x") == b"secret"
