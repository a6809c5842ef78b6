"""Two records of one person are found and explained; people who share a home, a name or an account are left alone."""

import pytest

from claims.rules.duplicates import KINDS, THRESHOLD, WEIGHTS, Record, compare, fold_record, list_keys, score_pair

ANA = Record(
    "Ana María", "von Muster", "1990-05-02", "ana.muster7@mail.example", "+43 1 5550123", "Mustergasse 7/3", "1010",
    "Wien", "AT",
)  # fmt: skip


def fold(**changes):
    return fold_record(ANA._replace(**changes))


def score(one, other):
    return score_pair(fold_record(one), fold_record(other))


@pytest.mark.parametrize(
    "changes",
    [
        {"given": "Ana Maria"},
        {"given": "A.", "email": "x@other.example"},
        {"given": "von Muster", "family": "Ana María"},
        {"family": "Mustr", "email": "other1234@mail.example"},
        {"born": "1990-02-05", "email": "other1234@mail.example"},
        {"born": "1991-05-02", "street": "Probeweg 1", "postcode": "8010", "city": "Graz"},
        {"born": "", "email": "ANA.Muster7+redress@mail.example"},
        {"family": "Muster-Beispiel", "phone": "0043 1 555 0123"},
    ],
    ids=str,
)
def test_one_person_who_writes_it_otherwise_is_found(changes):
    other = ANA._replace(**changes)
    assert score(ANA, other) >= THRESHOLD
    shared = [
        kind for kind, a, b in zip(KINDS, list_keys(fold()), list_keys(fold_record(other)), strict=True) if a == b != ""
    ]
    assert shared


@pytest.mark.parametrize(
    ("one", "other"),
    [(("Νίκος", "Παπάς"), ("Nikos", "Papas")), (("Цветелина", "Примерова"), ("TSVETELINA", "primerova")),
     (("Jürgen", "Größe"), ("Juergen", "Groesse")), (("Seán", "O’Sample"), ("Sean", "OSample"))],
)  # fmt: skip
def test_a_name_is_the_same_in_other_scripts_accents_and_spellings(one, other):
    signs = {sign.sign for sign in compare(fold(given=one[0], family=one[1]), fold(given=other[0], family=other[1]))}
    assert {"given_same", "family_same"} <= signs


@pytest.mark.parametrize(
    "changes",
    [
        {"given": "Lukas"},  # a twin: the same name, home, birthday, e-mail and telephone
        {"given": "Lukas", "born": "2015-01-09"},  # a child
        {"given": "Eva", "born": "1961-11-30"},  # a mother
        {"born": "1961-11-30"},  # a mother of the same name
        {"given": "Eva", "family": "Beispiel", "born": "1988-01-01"},  # somebody who shares the flat
    ],
    ids=str,
)
def test_people_of_one_home_and_account_are_not_taken_for_one(changes):
    assert score(ANA, ANA._replace(**changes)) < THRESHOLD


def test_namesakes_with_another_birthday_and_home_are_two_people():
    other = ANA._replace(born="1971-08-23", email="ana.muster@web.example", phone="", street="Weg 2", postcode="80331")
    assert score(ANA, other) < THRESHOLD


def test_an_email_alone_is_never_an_identity():
    other = Record("Bo", "Beispiel", "1970-01-01", ANA.email, "", "", "", "", "AT")
    assert score(ANA, other) < 0


def test_an_address_made_of_the_name_alone_says_nothing_of_two_namesakes():
    one, other = (fold(given="Ana", family="Muster", email=f"ana.muster@{host}.example") for host in "ab")
    assert "email_named" in {sign.sign for sign in compare(one, other)}


def test_the_score_is_the_sum_of_its_reasons_and_each_reason_is_a_weight():
    signs = compare(fold(), fold(given="Anna", born="1990-02-05"))
    assert sum(sign.points for sign in signs) == score_pair(fold(), fold(given="Anna", born="1990-02-05"))
    assert all(WEIGHTS[sign.sign].points == sign.points and WEIGHTS[sign.sign].why for sign in signs)


def test_a_rare_name_says_more_than_a_common_one():
    def sum_with(word):
        return score_pair(fold(), fold(), rarity=lambda _field, _name: word)

    assert sum_with("common") < sum_with("same") < sum_with("rare")


def test_comparing_does_not_depend_on_the_order():
    for changes in ({"given": "A."}, {"family": "Mustermann"}, {"born": ""}, {"email": "anamuster@x.example"}):
        assert score_pair(fold(), fold(**changes)) == score_pair(fold(**changes), fold())


@pytest.mark.parametrize("text", ["", " ", "-", "\u202e", "'", "1", "ß", "𝔄", "李", "a" * 100_000])
def test_no_text_is_too_strange_to_compare(text):
    strange = Record(text, text, "", text, text, text, text, text, "")
    assert score(strange, strange) == score(strange, strange) and len(list_keys(fold_record(strange))) == len(KINDS)
