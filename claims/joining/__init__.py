"""Joining in court with proof, singly and from a file. Only a proof sets the day; interest is not joining."""

from claims.joining.faults import say_led
from claims.joining.files import receive_file
from claims.joining.proofs import ProofDraft, find_proof, list_proofs, record_joining, take_back_joining
from claims.joining.ways import describe_way, read_law
from claims.joining.working import list_faults  # makes its kind of job known
from claims.proof_words import Told, open_source

__all__ = [
    "ProofDraft",
    "Told",
    "describe_way",
    "find_proof",
    "list_faults",
    "list_proofs",
    "open_source",
    "read_law",
    "receive_file",
    "record_joining",
    "say_led",
    "take_back_joining",
]
