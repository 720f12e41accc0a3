"""How does Excel itself show that figures do not agree, while they are typed?

Each rule of a form becomes a condition that turns the cells it is about red.
"""

from collections.abc import Mapping

from tongket.domain.rules import Operator, Rule, Side

_BROKEN = {Operator.EQUAL: "<>", Operator.AT_MOST: ">", Operator.AT_LEAST: "<"}
_DECIMALS = 6  # sums of binary fractions differ in the last digits


def broken(rule: Rule, places: Mapping[str, str]) -> str:
    """Return the condition under which a rule is broken; "" where a cell is not there.

    `places` maps measures to addresses. A rule with a blank or an “x” waits. Other
    periods, forms and units are not in the workbook: such a rule has no condition.

    >>> from tongket.domain.checks import Severity
    >>> from tongket.domain.rules import plain
    >>> sides = plain("a"), Operator.AT_MOST, plain("b")
    >>> rule = Rule("r", "f", *sides, Severity.MUST_FIX, "")
    >>> broken(rule, {"a": "$D8", "b": "$D9"})
    '=AND($D8<>"",LOWER($D8)<>"x",$D9<>"",LOWER($D9)<>"x",ROUND(N($D8)-(N($D9)),6)>0)'
    """
    always = not (rule.kinds or rule.groups or rule.start or rule.end)
    if not (rule.is_near and always and all(cell in places for cell in rule.cells)):
        return ""
    answered = ",".join(
        f'{places[measure]}<>"",LOWER({places[measure]})<>"x"' for measure in rule.cells
    )
    left, right = _side(rule.left, places), _side(rule.right, places)
    if rule.operator is Operator.ONLY_IF:
        return f"=AND({answered},{left}>{rule.tolerance},{right}<=0)"
    apart = f"ROUND({left}-({right}),{_DECIMALS})"
    if rule.operator is Operator.EQUAL and rule.tolerance:
        return f"=AND({answered},ABS({apart})>{rule.tolerance})"
    wrong = _BROKEN[rule.operator]
    limit = -rule.tolerance if rule.operator is Operator.AT_LEAST else rule.tolerance
    return f"=AND({answered},{apart}{wrong}{limit or 0})"


def _side(side: Side, places: Mapping[str, str]) -> str:
    """Return one side as a sum in the language of Excel."""
    parts = []
    for term in side:
        if term.is_constant:
            parts.append(f"({term.times:f})")
        elif term.times == 1:
            parts.append(f"N({places[term.measure]})")
        else:
            parts.append(f"({term.times:f})*N({places[term.measure]})")
    return "+".join(parts)


def marked(rule: Rule) -> tuple[str, ...]:
    """Return the measures whose cells turn red when a rule is broken."""
    sides = (rule.left, rule.right)
    firsts = (next((t.measure for t in side if t.is_cell), "") for side in sides)
    return tuple(dict.fromkeys(first for first in firsts if first))
