"""How does Excel itself show that figures do not agree, while they are typed?

Each rule of a form becomes a condition that turns the cells it is about red.
"""

from collections.abc import Mapping

from tongket.domain.checks import Operator, Rule

_BROKEN = {Operator.EQUAL: "<>", Operator.AT_MOST: ">", Operator.AT_LEAST: "<"}
_DECIMALS = 6  # sums of binary fractions differ in the last digits


def broken(rule: Rule, places: Mapping[str, str]) -> str:
    """Return the condition under which a rule is broken; "" where a cell is not there.

    `places` maps measures to addresses. A rule with a blank or an “x” waits.

    >>> from tongket.domain.checks import Severity
    >>> rule = Rule("r", "f", ("a",), Operator.AT_MOST, ("b",), Severity.MUST_FIX, "")
    >>> broken(rule, {"a": "$D8", "b": "$D9"})
    '=AND($D8<>"",LOWER($D8)<>"x",$D9<>"",LOWER($D9)<>"x",ROUND(N($D8)-(N($D9)),6)>0)'
    """
    measures = (*rule.left, *rule.right)
    if not all(measure in places for measure in measures):
        return ""
    answered = ",".join(
        f'{places[measure]}<>"",LOWER({places[measure]})<>"x"' for measure in measures
    )
    left, right = (
        "+".join(f"N({places[measure]})" for measure in side)
        for side in (rule.left, rule.right)
    )
    if rule.operator is Operator.ONLY_IF:
        return f"=AND({answered},{left}>0,{right}<=0)"
    wrong = _BROKEN[rule.operator]
    return f"=AND({answered},ROUND({left}-({right}),{_DECIMALS}){wrong}0)"


def marked(rule: Rule) -> tuple[str, ...]:
    """Return the measures whose cells turn red when a rule is broken."""
    return tuple(dict.fromkeys((rule.left[0], rule.right[0])))
