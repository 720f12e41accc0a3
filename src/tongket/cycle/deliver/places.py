"""Which return is a parcel for, and may the program's account send it now?

What the account may not see answers exactly as what does not exist.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from tongket.cycle import collect
from tongket.cycle.deliver.parcels import Key
from tongket.domain.forms import Form
from tongket.domain.periods import Period, parse
from tongket.domain.sentences import Refusal
from tongket.domain.units import Tree, UnitVersion
from tongket.loader.pack import Pack
from tongket.records.models import OpenPeriod
from tongket.records.register import register


class PeriodNotOpened(Refusal, LookupError):
    """Nobody opened this period: a program opens none by sending."""

    words = (
        "Kỳ {period} của chế độ báo cáo “{scheme}” chưa được mở; chờ cơ quan thường "
        "trực mở kỳ."
    )


class UnitNotFound(Refusal, LookupError):
    """No such unit, or none that the account may see."""

    words = "Không có đơn vị “{unit}” trong phạm vi của tài khoản này."


class UnitNotYours(Refusal):
    """A unit that the account may look at but does not report for."""

    words = "Tài khoản này xem được nhưng không được gửi báo cáo của {unit}."


class UnitNotThen(Refusal, LookupError):
    """The unit did not exist on the last day of the period."""

    words = "Đơn vị “{unit}” không có vào ngày cuối kỳ ({day:%d/%m/%Y})."


class CodeOfSeveral(Refusal, LookupError):
    """An official code that more than one unit carries on the day."""

    words = (
        "Mã {code} thuộc về {count} đơn vị vào ngày {day:%d/%m/%Y}; gửi khóa đơn vị "
        "(“unit”) thay cho mã."
    )


class FormNotOfScheme(Refusal, LookupError):
    """The scheme does not collect this form."""

    words = (
        "Chế độ báo cáo “{scheme}” không thu biểu “{form}”; chọn một trong: {known}."
    )


@dataclass(frozen=True, slots=True)
class Destination:
    """The return that a parcel is for."""

    opened: OpenPeriod
    period: Period
    unit: UnitVersion
    form: Form


@dataclass
class Places:
    """Finds returns for one delivery; every period and tree is read once.

    `sends_for` and `sees` hold the keys of the units that the account may report for,
    and may look at. With `by_code` a program names units by their official code, as it
    stood on the last day of the period.
    """

    pack: Pack
    on: dt.date
    sends_for: Container[str]
    sees: Container[str]
    by_code: bool = False
    _opened: dict[tuple[str, str], OpenPeriod] = field(default_factory=dict)
    _codes: dict[dt.date, dict[str, list[str]]] = field(default_factory=dict)
    _owed: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    _granted: dict[int, collect.Extensions] = field(default_factory=dict)

    def find(self, key: Key) -> Destination:
        """Return the return that a key means, or refuse with the first thing wrong."""
        rule = collect.scheme_of(self.pack, key.scheme)
        period = parse(key.period, self.pack.regimes)
        if (period.regime, period.frequency) != (rule.regime, rule.frequency):
            raise collect.PeriodMismatch(
                period=period.key, scheme=rule.name, regime=rule.regime
            )
        opened = self._opening(key.scheme, period)
        tree = register().on(period.end)
        unit = self._unit(key.unit, tree)
        if key.form not in rule.forms:
            raise FormNotOfScheme(
                scheme=rule.name, form=key.form[:60], known=", ".join(rule.forms)
            )
        if key.form not in self._forms(opened, unit.unit):
            raise collect.NotOwed(unit=unit.name, form=key.form, period=period.label)
        if not self._may_send(opened, unit.unit, key.form):
            raise collect.PeriodClosed(period=period.label, unit=unit.name)
        return Destination(opened, period, unit, self.pack.forms[key.form])

    def _opening(self, scheme: str, period: Period) -> OpenPeriod:
        if not self._opened:
            rows = OpenPeriod.objects.all()
            self._opened = {(row.scheme, row.period): row for row in rows}
        if (scheme, period.key) not in self._opened:
            raise PeriodNotOpened(
                period=period.label, scheme=self.pack.schemes[scheme].name
            )
        return self._opened[scheme, period.key]

    def _unit(self, named: str, tree: Tree) -> UnitVersion:
        key = self._of_code(named, tree) if self.by_code else named
        if key not in self.sees and key not in self.sends_for:
            raise UnitNotFound(unit=named[:60])
        if key not in tree:
            raise UnitNotThen(unit=named[:60], day=tree.day)
        if key not in self.sends_for:
            raise UnitNotYours(unit=tree[key].name)
        return tree[key]

    def _of_code(self, code: str, tree: Tree) -> str:
        if tree.day not in self._codes:
            codes = self._codes[tree.day] = defaultdict(list)
            for unit in tree:
                if unit.code and (
                    unit.unit in self.sees or unit.unit in self.sends_for
                ):
                    codes[unit.code].append(unit.unit)
        found = self._codes[tree.day].get(code, [])
        if len(found) > 1:
            raise CodeOfSeveral(code=code, count=len(found), day=tree.day)
        return found[0] if found else ""

    def _forms(self, opened: OpenPeriod, unit: str) -> tuple[str, ...]:
        if not any(period == opened.pk for period, _ in self._owed):
            owed = defaultdict(list)
            for each, form in collect.owed(pack=self.pack, opened=opened):
                owed[each.unit].append(form)
            self._owed |= {(opened.pk, u): tuple(f) for u, f in owed.items()}
            self._owed[opened.pk, ""] = ()
        return self._owed.get((opened.pk, unit), ())

    def _may_send(self, opened: OpenPeriod, unit: str, form: str) -> bool:
        if opened.state == OpenPeriod.State.OPEN:
            return True
        if opened.pk not in self._granted:
            self._granted[opened.pk] = collect.Extensions([opened])
        return self._granted[opened.pk].lets_in(opened, unit, form, self.on)
