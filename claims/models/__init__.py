from claims.models.actions import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter
from claims.models.answers import FormerAnswer
from claims.models.book import ClaimTally, KeptSearch, NameLink, NameWord, SavedView
from claims.models.bots import Bucket, Quarantine, Start, UsedProof
from claims.models.casework import Assignment, Look, Note, Reveal
from claims.models.claimants import Claimant
from claims.models.claims import Claim, ClaimCount
from claims.models.codes import Code
from claims.models.criteria import CriteriaDraft, DryRun, DryRunMoves
from claims.models.duplicates import DuplicateKeys, DuplicatePair, Merge
from claims.models.evidence import Evidence
from claims.models.history import HistoryEvent, HistoryHead
from claims.models.imports import ErasedRow, ImportFile, ImportPart
from claims.models.jobs import Heartbeat, Job, JobChunk
from claims.models.mails import Mail
from claims.models.opening import Confirmation, FactsVersion
from claims.models.procedure import CalendarLink, EventEntry, JoiningFile, JoiningPart, JoiningProof
from claims.models.registrations import Acceptance, Registration, RegistrationValue, Representation
from claims.models.review import Decision, Deficiency, Hearing, Override, Period, Reply
from claims.models.users import FactorReset, FormerAddress, Role, User

__all__ = [
    "Acceptance",
    "Action",
    "ActionEvent",
    "Assignment",
    "Bucket",
    "CalendarLink",
    "Claim",
    "ClaimCount",
    "ClaimTally",
    "Claimant",
    "Code",
    "Confirmation",
    "CriteriaDraft",
    "CriteriaVersion",
    "Decision",
    "DeclarationText",
    "Deficiency",
    "DryRun",
    "DryRunMoves",
    "DuplicateKeys",
    "DuplicatePair",
    "ErasedRow",
    "EventEntry",
    "Evidence",
    "FactorReset",
    "FactsVersion",
    "FormerAddress",
    "FormerAnswer",
    "Hearing",
    "Heartbeat",
    "HistoryEvent",
    "HistoryHead",
    "ImportFile",
    "ImportPart",
    "Job",
    "JobChunk",
    "JoiningFile",
    "JoiningPart",
    "JoiningProof",
    "KeptSearch",
    "Look",
    "Mail",
    "Matter",
    "Merge",
    "NameLink",
    "NameWord",
    "Note",
    "Override",
    "Period",
    "Quarantine",
    "Registration",
    "RegistrationValue",
    "Reply",
    "Representation",
    "Reveal",
    "Role",
    "SavedView",
    "Start",
    "UsedProof",
    "User",
]
