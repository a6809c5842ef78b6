"""One-time codes: once, for half an hour, with few tries, and nothing to learn from the answers."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy

from claims.base import codes, mails
from claims.base.codes import making, using
from claims.base.errors import Refused
from claims.models import Code, Mail

ANA, EVA = "ana@muster.example", "eva@muster.example"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
db = pytest.mark.django_db


@pytest.fixture
def clock():
    """A clock that stands at noon until a test moves it."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def make(address=ANA, purpose="register"):
    return codes.make_code(address, purpose=purpose)


def use(code, address=ANA, purpose="register"):
    codes.use_code(address, code, purpose=purpose)


def spoil(code):
    """Another code of the same form."""
    return f"{(int(code.replace('-', '')) + 1) % 10**8:08d}"


# What a code is


@db
def test_a_code_is_eight_digits_in_two_groups_and_the_token_is_long():
    new = make()
    left, dash, right = new.code.partition("-")
    assert left.isdigit() and right.isdigit() and (len(left), dash, len(right)) == (4, "-", 4)
    assert len(new.token) >= 43


@db
def test_neither_code_nor_token_is_in_the_database_or_in_a_log():
    new = make()
    kept = " ".join(str(value) for value in Code.objects.values().get().values())
    assert new.code not in kept and new.code.replace("-", "") not in kept and new.token not in kept
    assert new.code not in repr(new) and new.token not in repr(new)


@db
def test_the_same_code_for_another_address_or_purpose_is_kept_differently(monkeypatch):
    monkeypatch.setattr(making, "make_digits", lambda: "1234-5678")
    for address, purpose in ((ANA, "register"), (ANA, "resume"), (EVA, "register")):
        make(address, purpose)
    assert len(set(Code.objects.values_list("code_key", flat=True))) == 3


# Using it


@db
@pytest.mark.parametrize(
    "typed", ["{}", "{0[0]}{0[1]} {0[2]}{0[3]}{0[5]}{0[6]}{0[7]}{0[8]}", " {}\t", "\uff11\uff12\u0663\u0664\u20115678"]
)
def test_a_code_is_taken_however_it_is_typed(typed, monkeypatch):
    monkeypatch.setattr(making, "make_digits", lambda: "1234-5678")
    use(typed.format(make().code))
    assert Code.objects.get().state == Code.State.USED


@db
def test_the_address_may_be_written_another_way():
    use(make("Ana@Muster.example ").code, address="ana@MUSTER.example")


@db
@pytest.mark.parametrize("typed", ["", "wrong", "1234-567", "\0", "९" * 500])
def test_a_wrong_code_is_refused(typed):
    make()
    with pytest.raises(codes.WrongCode, match="not right"):
        use(typed)


@db
def test_a_code_counts_for_its_own_address_and_purpose_only():
    new = make()
    make(EVA)
    make(ANA, "resume")
    for address, purpose in ((EVA, "register"), (ANA, "resume"), ("nobody@muster.example", "register")):
        with pytest.raises(codes.WrongCode):
            use(new.code, address, purpose)
    assert Code.objects.get(address=ANA, purpose="register").tries == 0
    use(new.code)


@db
def test_a_code_is_good_for_half_an_hour(clock):
    new = make()
    clock.shift(timedelta(minutes=30, seconds=-1))
    assert codes.peek_token(new.token, purpose="register") == ANA
    clock.shift(1)
    with pytest.raises(codes.ExpiredCode, match="30 minutes"):
        use(new.code)
    for step in (codes.peek_token, codes.use_token):
        with pytest.raises(codes.ExpiredCode):
            step(new.token, purpose="register")


@db
def test_a_code_works_once_and_takes_its_link_with_it():
    new = make()
    use(new.code)
    with pytest.raises(codes.UsedCode, match="used already"):
        use(new.code)
    with pytest.raises(codes.UsedCode):
        codes.use_token(new.token, purpose="register")


@db
def test_a_link_works_once_and_takes_its_code_with_it():
    new = make()
    assert codes.use_token(new.token, purpose="register") == ANA
    for step in (codes.use_token, codes.peek_token):
        with pytest.raises(codes.UsedCode):
            step(new.token, purpose="register")
    with pytest.raises(codes.UsedCode):
        use(new.code)


@db
def test_a_link_that_another_has_used_since_we_looked_is_used(monkeypatch):
    new, find_token = make(), using._find_token

    def find_before_the_other(token, purpose):
        row = find_token(token, purpose)
        monkeypatch.setattr(using, "_find_token", find_token)
        codes.use_token(token, purpose=purpose)
        return row

    monkeypatch.setattr(using, "_find_token", find_before_the_other)
    with pytest.raises(codes.UsedCode):
        codes.use_token(new.token, purpose="register")


@db
def test_to_look_at_a_link_uses_nothing_up():
    new = make()
    assert [codes.peek_token(new.token, purpose="register") for _ in range(3)] == [ANA] * 3
    assert codes.use_token(new.token, purpose="register") == ANA


@db
@pytest.mark.parametrize("step", [codes.peek_token, codes.use_token])
def test_a_link_counts_for_its_own_purpose_only(step):
    new = make()
    with pytest.raises(codes.WrongCode):
        step(new.token, purpose="resume")
    with pytest.raises(codes.WrongCode):
        step("made-up", purpose="register")
    assert codes.use_token(new.token, purpose="register") == ANA


# Guessing it


@db
def test_the_fifth_try_may_be_right_and_a_sixth_is_not_looked_at():
    first, second = make(), make(EVA)
    for _ in range(4):
        for new, address in ((first, ANA), (second, EVA)):
            with pytest.raises(codes.WrongCode):
                use(spoil(new.code), address)
    use(first.code)
    with pytest.raises(codes.TooManyTries):
        use(spoil(second.code), EVA)
    with pytest.raises(codes.TooManyTries):
        use(second.code, EVA)
    assert Code.objects.get(address=EVA).tries == 5


@db
def test_who_guesses_codes_does_not_lock_out_the_owner_of_the_link():
    new = make()
    for _ in range(6):
        with pytest.raises(codes.CodeRefused):
            use(spoil(new.code))
    assert codes.use_token(new.token, purpose="register") == ANA


@db
def test_what_was_typed_does_not_change_the_answer_to_a_dead_code(clock):
    new = make()
    clock.shift(timedelta(minutes=31))
    for typed in (new.code, spoil(new.code)):
        with pytest.raises(codes.ExpiredCode):
            use(typed)


@pytest.mark.django_db(transaction=True)
def test_a_try_is_never_rolled_back_with_what_the_caller_does():
    new = make()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        use(spoil(new.code))
    with pytest.raises(codes.WrongCode):
        use(spoil(new.code))
    assert Code.objects.get().tries == 1


@db
def test_an_unknown_address_takes_the_same_steps(django_assert_num_queries, monkeypatch):
    make()
    compared, compare = [], using.hmac.compare_digest
    monkeypatch.setattr(using.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))) or compare(a, b))
    for address in (ANA, "nobody@muster.example"):
        with django_assert_num_queries(4), pytest.raises(codes.WrongCode):  # a savepoint, count, look, release
            use("0000-0000x", address)
    assert compared == [(64, 64)] * 2


# Making it


@db
def test_a_new_code_makes_the_earlier_one_of_its_purpose_count_no_more():
    old, other, new = make(), make(ANA, "resume"), make()
    with pytest.raises(codes.WrongCode):
        use(old.code)
    with pytest.raises(codes.ReplacedCode, match="earlier e-mail"):
        codes.use_token(old.token, purpose="register")
    use(new.code)
    use(other.code, purpose="resume")


@db
def test_an_address_gets_five_codes_of_a_purpose_an_hour_and_no_purpose_takes_those_of_another(clock):
    for _ in range(5):
        clock.shift(60)
        new = make()
    with pytest.raises(codes.TooManyCodes):
        make("ANA@muster.example")
    make(ANA, "resume")
    use(new.code)
    make(EVA)
    clock.shift(timedelta(minutes=56, seconds=1))
    make()


@db
def test_codes_are_for_addresses():
    with pytest.raises(Refused, match="no e-mail address"):
        make("ana")


@db
def test_the_database_holds_one_live_code_of_a_purpose():
    make()
    row = Code.objects.get()
    row.pk, row.token_key = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@db
def test_codes_are_forgotten_after_a_day_and_erased_at_once_when_asked(clock):
    make()
    clock.shift(timedelta(hours=23))
    make()
    make(EVA)
    clock.shift(timedelta(hours=2))
    codes.forget_codes()
    assert Code.objects.count() == 2
    assert codes.erase_codes(" Ana@muster.example") == 1
    assert Code.objects.get().address == EVA


# At the same moment


def run_at_once(step, times):
    """Return what came of a step that several threads take at the same moment: its answer, or the name of its error."""
    barrier, answers = threading.Barrier(times), []

    def run():
        barrier.wait()
        try:
            answers.append(step())
        except codes.CodeRefused as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers, key=str)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_code_at_once_one_does():
    new = make()
    assert run_at_once(lambda: use(new.code), 2) == [None, "UsedCode"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_does():
    new = make()
    answers = run_at_once(lambda: codes.use_token(new.token, purpose="register"), 2)
    assert answers == ["UsedCode", ANA]


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_five_are_judged(monkeypatch):
    new, judged = make(), []
    monkeypatch.setattr(using, "_take", lambda row: judged.append(row) or False)
    run_at_once(lambda: use(new.code), 12)
    assert len(judged) == 5 == Code.objects.get().tries


@pytest.mark.django_db(transaction=True)
def test_of_many_asked_for_at_once_five_are_made_and_one_counts():
    answers = run_at_once(lambda: make().code, 8)
    assert answers.count("TooManyCodes") == 3
    assert sorted(Code.objects.values_list("state", flat=True)) == ["live"] + ["replaced"] * 4


# The mail


@db
def test_the_mail_of_a_code_says_what_it_is_for_and_warns():
    reason = gettext_lazy("Your code")  # a text that is translated, as callers pass one
    new = codes.send_code(
        ANA, purpose="register", language="en", reason=reason, find_path=lambda token: f"/go/{token}/"
    )
    mail = Mail.objects.get()
    for text in (mail.text, mail.html):
        for words in (new.code, f"http://testserver/go/{new.token}/", "30 minutes", "Your code", "will ever ask you"):
            assert words in text
    assert (mail.to, mail.subject, mail.forget_at) == (ANA, "Your code", new.good_until)


@db
def test_too_many_codes_send_no_mail():
    for _ in range(5):
        make()
    with pytest.raises(codes.TooManyCodes):
        codes.send_code(ANA, purpose="register", language="en", reason="", find_path=str)
    assert not mails.list_mails().exists()
