"""Every kind of record, by the stage of the year that writes it."""

from tongket.records.models.accounts import Membership
from tongket.records.models.audit import AuditEntry
from tongket.records.models.awards import Award
from tongket.records.models.periods import OpenPeriod
from tongket.records.models.plans import PlanStep, ProgrammeWork, RemediationPlan
from tongket.records.models.reports import AnnualReport, FrozenPeriod
from tongket.records.models.returns import Doubt, Return, ReturnVersion, Review
from tongket.records.models.scores import Result, ScoreRun
from tongket.records.models.units import Unit, UnitLineage, UnitVersion

__all__ = [
    "AnnualReport",
    "AuditEntry",
    "Award",
    "Doubt",
    "FrozenPeriod",
    "Membership",
    "OpenPeriod",
    "PlanStep",
    "ProgrammeWork",
    "RemediationPlan",
    "Result",
    "Return",
    "ReturnVersion",
    "Review",
    "ScoreRun",
    "Unit",
    "UnitLineage",
    "UnitVersion",
]
