"""With what are the workbooks of some units filled before they are downloaded?"""

import io
from collections.abc import Iterable, Sequence

from tongket.cycle import collect, summarise, unpack
from tongket.documents import workbooks
from tongket.documents.workbooks import Filling
from tongket.domain.forms import Form
from tongket.domain.units import Tree, UnitVersion
from tongket.office import facts
from tongket.office.returns import Cells
from tongket.records import cells
from tongket.records.models import COUNTS, OpenPeriod, Review
from tongket.records.register import register

LIST, SHEETS, FILES = "danh-sach", "trang", "tep"


def of(
    opened: OpenPeriod,
    form: Form,
    units: Sequence[UnitVersion],
    *,
    with_unsent: bool = True,
) -> list[Filling]:
    """Return what stands in each unit's return now, and in the periods beside it."""
    period = collect.window(facts.pack(), opened)
    regime, tree = facts.pack().regimes[period.regime], register().on(period.end)
    before, same = regime.previous(period).key, regime.same_period(period).key
    kept = _accepted(opened.scheme, form, (before, same), [each.unit for each in units])
    keys = [(each.unit, form.key) for each in units]
    presents = unpack.presents(opened, keys, with_unsent=with_unsent)
    return [
        Filling(
            unit,
            full_name(tree, unit.unit),
            presents[unit.unit, form.key].cells or _summed(opened, form, unit),
            kept.get((unit.unit, before), {}),
            kept.get((unit.unit, same), {}),
            presents[unit.unit, form.key].explanations,
        )
        for unit in units
    ]


def _summed(opened: OpenPeriod, form: Form, unit: UnitVersion) -> Cells:
    """Return what the units below add up to; nothing unless the form is a summary."""
    basis = summarise.basis(
        pack=facts.pack(), opened=opened, unit=unit.unit, form=form.key
    )
    return {key: row.cell for key, row in basis.rows.items()} if basis else {}


def full_name(tree: Tree, unit: str) -> str:
    """Return a unit's name with those above it: "Xã Đồng Sơn, Thành phố …, Tỉnh …"."""
    return ", ".join(tree[each].name for each in tree.ancestors(unit))


def _accepted(
    scheme: str, form: Form, periods: Iterable[str], units: Iterable[str]
) -> dict[tuple[str, str], Cells]:
    """Return what was accepted of some units, by unit and period."""
    found = Review.objects.filter(
        COUNTS,
        version__of__unit__key__in=list(units),
        version__of__form=form.key,
        version__of__period__scheme=scheme,
        version__of__period__period__in=list(periods),
    ).order_by("id")
    rows = found.values_list(
        "version__of__unit__key", "version__of__period__period", "version__cells"
    )
    return {(unit, period): cells.from_json(stored) for unit, period, stored in rows}


def workbook(
    opened: OpenPeriod, form: Form, unit: UnitVersion, *, with_unsent: bool
) -> bytes:
    """Return the workbook of one unit; what is unsent is for who sends it."""
    (filling,) = of(opened, form, [unit], with_unsent=with_unsent)
    return _written(opened, form, filling)


def together(
    opened: OpenPeriod, form: Form, units: Sequence[UnitVersion], layout: str
) -> bytes:
    """Return one file for several units: a list, a sheet or a workbook for each."""
    fillings = of(opened, form, units)
    if layout == FILES:
        return unpack.zipped(
            [
                (filename(opened, form, each.unit.unit), _written(opened, form, each))
                for each in fillings
            ]
        )
    target = io.BytesIO()
    write = workbooks.write_many if layout == LIST else workbooks.write_sheets
    write(
        target,
        form=form,
        period=collect.window(facts.pack(), opened),
        fillings=fillings,
        rules=facts.pack().rules,
    )
    return target.getvalue()


def filename(opened: OpenPeriod, form: Form, of: str, kind: str = "xlsx") -> str:
    """Return the name of a file to be downloaded."""
    return f"{form.key}_{opened.period}_{of}.{kind}"


def _written(opened: OpenPeriod, form: Form, filling: Filling) -> bytes:
    target = io.BytesIO()
    workbooks.write(
        target,
        form=form,
        period=collect.window(facts.pack(), opened),
        filling=filling,
        rules=facts.pack().rules,
    )
    return target.getvalue()
