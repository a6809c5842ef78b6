from claims.models.actions import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter
from claims.models.claimants import Claimant
from claims.models.claims import Claim, ClaimCount
from claims.models.evidence import Evidence
from claims.models.history import HistoryEvent, HistoryHead
from claims.models.jobs import Heartbeat, Job, JobChunk
from claims.models.users import Role, User

__all__ = [
    "Action",
    "ActionEvent",
    "Claim",
    "ClaimCount",
    "Claimant",
    "CriteriaVersion",
    "DeclarationText",
    "Evidence",
    "Heartbeat",
    "HistoryEvent",
    "HistoryHead",
    "Job",
    "JobChunk",
    "Matter",
    "Role",
    "User",
]
