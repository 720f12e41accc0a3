"""How does a finding lie in the records, as a doubt beside its version?"""

import json
from decimal import Decimal

from tongket.domain import checks
from tongket.records import sentences
from tongket.records.models import Doubt, ReturnVersion


def finding_of(doubt: Doubt) -> checks.Finding:
    """Return a kept doubt as the domain's finding."""
    return checks.Finding(
        doubt.rule,
        doubt.measure,
        checks.Severity(doubt.severity),
        sentences.from_json([doubt.words, doubt.values]),
        tuple(_compared(*each) for each in doubt.compared),
    )


def told(doubt: Doubt) -> tuple[str, ...]:
    """Return what a doubt says and of what, to know the same one again."""
    said = json.dumps([doubt.values, doubt.compared], sort_keys=True)
    return doubt.rule, doubt.measure, str(doubt.severity), doubt.words, said


def doubt_of(version: ReturnVersion, finding: checks.Finding) -> Doubt:
    """Return a finding as it is kept with a version."""
    words, values = sentences.to_json(finding.sentence)
    return Doubt(
        version=version,
        rule=finding.rule,
        measure=finding.measure,
        severity=finding.severity,
        words=words,
        values=values,
        compared=[
            [
                each.measure,
                None if each.value is None else f"{each.value:f}",
                each.form,
                each.period,
                each.unit,
                each.is_below,
            ]
            for each in finding.compared
        ],
    )


def _compared(measure: str, value: str | None, *place: str | bool) -> checks.Compared:
    number = None if value is None else Decimal(value)
    return checks.Compared(measure, number, *place)
