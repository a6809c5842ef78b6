"""Joining in court with proof, singly and from a file. Only a proof sets the day; interest is not joining."""

from claims.joining.checking import list_doubts, list_sample  # makes its kind of job known
from claims.joining.faults import put_alike_together, say_led
from claims.joining.files import drop_file, forget_files, receive_file, record_file
from claims.joining.proofs import ProofDraft, find_proof, list_further, list_proofs, record_joining, take_back_joining
from claims.joining.ways import describe_way, read_law
from claims.joining.working import list_faults  # so does this
from claims.proof_words import Told, open_source

__all__ = [
    "ProofDraft",
    "Told",
    "describe_way",
    "drop_file",
    "find_proof",
    "forget_files",
    "list_doubts",
    "list_faults",
    "list_further",
    "list_proofs",
    "list_sample",
    "open_source",
    "put_alike_together",
    "read_law",
    "receive_file",
    "record_file",
    "record_joining",
    "say_led",
    "take_back_joining",
]
