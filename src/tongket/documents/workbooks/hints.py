"""What does Excel tell and refuse while a figure is typed?"""

from collections.abc import Iterable
from typing import Any

from tongket.documents.workbooks import layout, sums
from tongket.domain.checks import Rule
from tongket.domain.figures import State
from tongket.domain.forms import Form, Measure

YES_OR_NO = "có/không"
_PROMPT, _PROMPT_TITLE = 255, 32  # letters that Excel allows


def validation(measure: Measure, place: str, remedies: str = "") -> dict[str, Any]:
    """Return the rule by which Excel refuses a wrong entry while it is typed.

    `remedies` is what the rules of the form say about the cell, shown as a hint.
    """
    hints = {
        "ignore_blank": True,
        "input_title": measure.label[:_PROMPT_TITLE],
        "input_message": _hint(measure, remedies)[:_PROMPT],
        "error_title": "Số liệu chưa đúng",
    }
    if measure.measure_unit == YES_OR_NO:
        signs = [
            layout.NOTHING[state]
            for state in (State.NIL, State.NOT_APPLICABLE)
            if state in measure.may_be
        ]
        words = "Chọn 1 nếu có, 0 nếu không."
        source = ["1", "0", *signs]
        return {**hints, "validate": "list", "source": source, "error_message": words}
    finest = f"ROUND({place},{measure.decimals})={place}"
    allowed = f'OR(IF(ISNUMBER({place}),AND({place}>=0,{finest}),FALSE),{place}="-",'
    decimals = f"tối đa {measure.decimals} chữ số thập phân"
    kind = decimals if measure.decimals else "số nguyên"
    return {
        **hints,
        "validate": "custom",
        "value": f'={allowed}LOWER({place})="x")',
        "error_message": f"Nhập số không âm ({kind}), “-” nếu không phát sinh hoặc “x” "
        "nếu không thuộc đối tượng; để trống nếu chưa có số liệu.",
    }


def remedies(form: Form, rules: Iterable[Rule]) -> dict[str, str]:
    """Return for each measure what the rules say to do when they are broken."""
    found: dict[str, str] = {}
    for rule in rules:
        if rule.form == form.key:
            for measure in sums.marked(rule):
                found[measure] = f"{found.get(measure, '')} {rule.remedy}".strip()
    return found


def _hint(measure: Measure, remedies: str) -> str:
    told = " ".join(part for part in (measure.note, remedies) if part)
    if measure.measure_unit == YES_OR_NO:
        return f"1: có; 0: không. {told}".strip()
    signs = "“-”: không phát sinh; “x”: không thuộc đối tượng; để trống: chưa có."
    return f"Tính bằng: {measure.measure_unit}. {told} {signs}".replace("  ", " ")
