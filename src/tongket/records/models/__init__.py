"""Every kind of record, by the stage of the year that writes it."""

from tongket.records.models.accounts import GuessCount, Invitation, Membership
from tongket.records.models.audit import AuditEntry
from tongket.records.models.awards import Award
from tongket.records.models.drafts import CellComment, CellEdit, Draft, WordsEdit
from tongket.records.models.mail import MailChoice, OutboxMail
from tongket.records.models.notices import Notice, WorkerLease
from tongket.records.models.periods import Extension, OpenPeriod
from tongket.records.models.plans import PlanStep, ProgrammeWork, RemediationPlan
from tongket.records.models.programs import ApiToken, KeptAnswer
from tongket.records.models.reports import AnnualReport, FrozenPeriod
from tongket.records.models.returns import (
    COUNTS,
    TAKEN_BACK,
    BulkDecision,
    Delegation,
    Doubt,
    Return,
    ReturnVersion,
    Review,
)
from tongket.records.models.scores import Result, ScoreRun
from tongket.records.models.units import (
    RegisterState,
    Unit,
    UnitGroup,
    UnitLineage,
    UnitVersion,
)
from tongket.records.models.uploads import Upload

__all__ = [
    "COUNTS",
    "TAKEN_BACK",
    "AnnualReport",
    "ApiToken",
    "AuditEntry",
    "Award",
    "BulkDecision",
    "CellComment",
    "CellEdit",
    "Delegation",
    "Doubt",
    "Draft",
    "Extension",
    "FrozenPeriod",
    "GuessCount",
    "Invitation",
    "KeptAnswer",
    "MailChoice",
    "Membership",
    "Notice",
    "OpenPeriod",
    "OutboxMail",
    "PlanStep",
    "ProgrammeWork",
    "RegisterState",
    "RemediationPlan",
    "Result",
    "Return",
    "ReturnVersion",
    "Review",
    "ScoreRun",
    "Unit",
    "UnitGroup",
    "UnitLineage",
    "UnitVersion",
    "Upload",
    "WordsEdit",
    "WorkerLease",
]
