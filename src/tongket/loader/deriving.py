"""Which forms and rules follow from others that a pack states?

A form that sums up the returns of the units below has their rows, and must hold
together as they do; a pack states neither twice.
"""

from dataclasses import replace

from tongket.domain.forms import Form
from tongket.domain.rules import Level, Rule
from tongket.loader.draft import Draft
from tongket.loader.refusals import SumsItself


def derive(draft: Draft) -> None:
    """Give every summary form the rows and the rules of the form it sums up."""
    for key, form in list(draft.forms.values.items()):
        if not form.summarises:
            continue
        first = _first(draft, form)
        if first is None:
            continue
        whole = replace(form, sections=(*first.sections, *form.sections))
        draft.forms.values[key] = whole
        row = draft.forms.rows[key]
        for rule in list(draft.rules.values.values()):
            # What reads other forms or levels is said of the form it was written for.
            if rule.form == first.key and _is_of_one_form(rule):
                own = replace(
                    rule, key=f"{rule.key}-{key}", form=key, kinds=frozenset()
                )
                draft.rules.put(own.key, own, row)


def _is_of_one_form(rule: Rule) -> bool:
    return not rule.groups and all(
        not term.form and term.level is Level.OWN for term in rule.terms
    )


def _first(draft: Draft, form: Form) -> Form | None:
    """Return the form at the bottom of a chain of summaries; None if there is none.

    A name that no form has is refused where all names are looked up.
    """
    chain, below = [form.key], draft.forms.values.get(form.summarises)
    while below is not None and below.summarises:
        if below.key in chain:
            draft.forms.rows[form.key].refuse(SumsItself, chain=" → ".join(chain))
            return None
        chain.append(below.key)
        below = draft.forms.values.get(below.summarises)
    return below
