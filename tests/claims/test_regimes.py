"""Regimes: each rule has a value or is unknown, a source and a confidence. Numbers are those of DOMAIN's traps."""

import pytest
from django.conf import settings

from claims.base.errors import Refused
from claims.regimes import list_regime_codes, read_regime, read_sources
from claims.rules.sources import split_sources

CODES = [
    "AT-ABHILFE", "BE-2024", "DE-ABHILFE", "DE-MUSTER", "ES-BILL", "FR-2025", "IE-2023", "IT-840", "NL-WAMCA", "PL-2024",
    "PT-2023", "SE-2024",
]  # fmt: skip


def test_there_is_a_record_for_every_regime():
    assert list_regime_codes() == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_text_source_and_confidence(code):
    regime = read_regime(code)
    for name, entry in regime.rules.items():
        assert entry.text and entry.source, f"{code} {name}"
        assert entry.confidence in {"high", "mid", "low"}


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_there_in_all_languages_and_every_source_has_a_title(code):
    regime = read_regime(code)
    texts = [regime.name, *(entry.text for entry in regime.rules.values())]
    texts += [read_sources()[key].title for entry in regime.rules.values() for key in split_sources(entry.source)]
    assert all(set(text) == {language for language, _name in settings.LANGUAGES} for text in texts)


def test_a_rule_says_of_when_its_source_is_or_that_this_is_unknown():
    assert read_regime("BE-2024")["join_closes"].as_of == "2024-09"
    assert read_regime("PT-2023")["model"].as_of == "2023-06-02"
    assert read_regime("AT-ABHILFE")["join_closes"].as_of is None


@pytest.mark.parametrize("code", CODES)
def test_what_rests_on_no_source_is_never_of_high_confidence(code):
    for name, entry in read_regime(code).rules.items():
        if set(split_sources(entry.source)) & {"unverified", "no-source"}:
            assert entry.confidence == "low", f"{code} {name}"


def test_an_unknown_regime_is_refused_with_the_known_ones():
    with pytest.raises(Refused, match="AT-ABHILFE"):
        read_regime("../settings")


def test_trap_2_joining_differs_by_regime():
    assert read_regime("AT-ABHILFE")["withdrawal_allowed"].value == "never"
    assert read_regime("FR-2025")["model"].value == read_regime("BE-2024")["model"].value == "opt_in_late"
    assert read_regime("IE-2023")["join_closes"].value["event"] == "admissible"


def test_trap_3_who_lives_elsewhere_must_opt_in_also_under_opt_out():
    for code in ("NL-WAMCA", "PT-2023"):
        assert (read_regime(code)["model"].value, read_regime(code)["nonresident"].value) == ("opt_out", "opt_in")


def test_trap_4_a_german_deadline_on_a_sunday_stays_on_the_sunday():
    closing = read_regime("DE-ABHILFE")["join_closes"].value
    assert closing == {"event": "hearing-closed", "add_days": 21, "add_months": None, "weekend": "none"}


def test_trap_10_and_11_irish_dates_fees_and_the_german_funder_limit():
    assert read_regime("IE-2023")["infringements_from"].value == "2023-06-25"
    assert read_regime("IE-2023")["entry_fee_max_cents"].value == 2500
    assert float(read_regime("DE-ABHILFE")["funder_share_max"].value) == 0.10


def test_what_no_source_says_stays_unknown():
    assert not read_regime("SE-2024")["min_group"].is_known
    assert read_regime("ES-BILL")["in_force_from"].value is None
