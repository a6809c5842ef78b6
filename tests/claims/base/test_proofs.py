"""The proof of work: ours alone, once, for some hours, harder when much is going on."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from claims.base import proofs
from claims.models import UsedProof
from tests.servers import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def puzzle():
    return proofs.make_puzzle()


def count_tries(puzzle):
    return proofs.read_puzzle(puzzle).tries


def test_the_answer_to_a_puzzle_is_taken(puzzle):
    proofs.use_proof(puzzle, proofs.solve_puzzle(puzzle))


def test_an_answer_is_taken_once(puzzle):
    answer = proofs.solve_puzzle(puzzle)
    proofs.use_proof(puzzle, answer)
    with pytest.raises(proofs.SpentProof):
        proofs.use_proof(puzzle, answer)


@pytest.mark.parametrize("answer", ["99", "-1", "٣", "1e0", "9" * 5000, "\0", " "])
def test_another_answer_is_forged(puzzle, answer):
    with pytest.raises(proofs.ForgedProof):
        proofs.use_proof(puzzle, answer)


def test_without_an_answer_there_is_no_proof(puzzle):
    with pytest.raises(proofs.MissingProof):
        proofs.use_proof(puzzle, "")


@pytest.mark.parametrize("place", range(5))
def test_a_puzzle_that_was_changed_is_forged(puzzle, place):
    parts = puzzle.split(".")
    parts[place] = parts[place][:-1] + ("1" if parts[place][-1] != "1" else "2")
    with pytest.raises(proofs.ForgedProof):
        proofs.read_puzzle(".".join(parts))


@pytest.mark.parametrize("text", ["", ".", "....", "a.b.c.d.e", "\0", "é.ü.ö.ä.ß", "1." * 1000])
def test_what_is_no_puzzle_is_forged(text):
    with pytest.raises(proofs.ForgedProof):
        proofs.read_puzzle(text)


def test_a_proof_expires(puzzle):
    answer = proofs.solve_puzzle(puzzle)
    with time_machine.travel(timezone.now() + proofs.GOOD_FOR + timedelta(seconds=1)), pytest.raises(proofs.OldProof):
        proofs.use_proof(puzzle, answer)


def test_used_proofs_are_kept_as_long_as_they_could_come_again(puzzle):
    proofs.use_proof(puzzle, proofs.solve_puzzle(puzzle))
    proofs.forget_proofs()
    assert UsedProof.objects.count() == 1
    with time_machine.travel(timezone.now() + proofs.GOOD_FOR + timedelta(seconds=1)):
        proofs.forget_proofs()
    assert not UsedProof.objects.exists()


def test_a_puzzle_is_harder_the_more_is_going_on(settings):
    settings.PROOF_TRIES = 10
    assert [count_tries(proofs.make_puzzle(load)) for load in (0.0, 0.5, 1.0)] == [10, 25, 40]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_in_one_proof_at_once_one_gets_through(only_postgresql, puzzle):
    answer, taken, gate = proofs.solve_puzzle(puzzle), [], threading.Barrier(6)

    def hand_in():
        try:
            gate.wait(PATIENCE_SECONDS)
            proofs.use_proof(puzzle, answer)
            taken.append(1)
        except proofs.SpentProof:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert taken == [1]
