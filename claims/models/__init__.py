from claims.models.actions import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter
from claims.models.claimants import Claimant
from claims.models.claims import Claim, ClaimCount
from claims.models.history import HistoryEvent, HistoryHead
from claims.models.jobs import Heartbeat, Job, JobChunk
from claims.models.registrations import Acceptance, Registration, RegistrationValue, Representation
from claims.models.users import Role, User

__all__ = [
    "Acceptance",
    "Action",
    "ActionEvent",
    "Claim",
    "ClaimCount",
    "Claimant",
    "CriteriaVersion",
    "DeclarationText",
    "Heartbeat",
    "HistoryEvent",
    "HistoryHead",
    "Job",
    "JobChunk",
    "Matter",
    "Registration",
    "RegistrationValue",
    "Representation",
    "Role",
    "User",
]
