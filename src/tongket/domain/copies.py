"""Which figures were estimated or copied rather than counted?

Round numbers beyond chance, a block of the form that repeats another, a return that
repeats an earlier one or a neighbour's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tongket.domain.doubts import Compared, Finding
from tongket.domain.figures import MISSING, Cell, State, shown
from tongket.domain.forms import Form
from tongket.domain.sentences import Sentence
from tongket.domain.watching import Watch

Cells = Mapping[str, Cell]
TEN = Decimal(10)


def _ends_round(value: Decimal) -> bool:
    return value % 5 == 0


def round_numbers(form: Form, cells: Cells, watch: Watch) -> Iterator[Finding]:
    """Yield a finding when all numbers from ten upwards end in 0 or 5.

    By chance one in five does. `least` numbers all do with a probability of 0.2 to the
    power of `least`: 0.0064 % for six. Only whole numbers are looked at.
    """
    large = [
        (measure, value)
        for measure in form.measures
        if not measure.decimals
        and (value := cells.get(measure.key, MISSING).counted) is not None
        and value >= TEN
    ]
    if len(large) >= watch.least and all(_ends_round(value) for _, value in large):
        measure = large[0][0]
        yield Finding(
            "rounded",
            measure.key,
            watch.severity,
            Sentence(
                "Cả {count} số liệu từ 10 trở lên của báo cáo đều tận cùng bằng 0 hoặc "
                "5 ({examples}); kiểm tra có phải số ước tính hay không, thay bằng số "
                "đếm được.",
                {
                    "count": len(large),
                    "examples": "; ".join(shown(value) for _, value in large[:3]),
                },
            ),
            tuple(Compared(measure.key, value) for measure, value in large[1:]),
        )


def round_columns(
    form: Form, cells: Cells, told: Mapping[str, Sequence[Decimal]], watch: Watch
) -> Iterator[Finding]:
    """Yield the measures whose numbers of all periods, from ten up, end in 0 or 5.

    At least `least` periods with two different numbers; see `round_numbers`.
    """
    for measure in form.measures:
        value = cells.get(measure.key, MISSING).counted
        if measure.decimals or value is None or value < TEN or value % 5:
            continue
        large = [each for each in told.get(measure.key, ()) if each >= TEN]
        if (
            len(large) + 1 < watch.least
            or not all(map(_ends_round, large))
            or len({*large, value}) == 1
        ):
            continue
        yield Finding(
            "rounded-column",
            measure.key,
            watch.severity,
            Sentence(
                "“{label}” qua {count} kỳ đều tận cùng bằng 0 hoặc 5 (kỳ này {value}, "
                "kỳ gần nhất {last}); kiểm tra có phải số ước tính hay không, thay "
                "bằng số đếm được.",
                {
                    "label": measure.label,
                    "count": len(large) + 1,
                    "value": shown(value),
                    "last": shown(large[-1]),
                },
            ),
            (Compared(measure.key, large[-1]),),
        )


def copied_blocks(form: Form, cells: Cells, watch: Watch) -> Iterator[Finding]:
    """Yield a finding when a section or set of categories repeats another.

    Both must hold `least` numbers above nought, not all the same.
    """
    seen: dict[tuple[Decimal | None, ...], tuple[str, str]] = {}
    for label, keys in _blocks(form):
        values = tuple(cells.get(key, MISSING).counted for key in keys)
        busy = [value for value in values if value]
        if len(busy) < watch.least or len(set(busy)) == 1:
            continue
        first, other = seen.setdefault(values, (keys[0], label))
        if first == keys[0]:
            continue
        yield Finding(
            "copied-block",
            keys[0],
            watch.severity,
            Sentence(
                "{count} số liệu của “{label}” trùng hoàn toàn với “{other}”; kiểm tra "
                "có chép nhầm cột hay không, sửa lại số đúng.",
                {"count": len(values), "label": label, "other": other},
            ),
            (Compared(first, values[0]),),
        )


def _blocks(form: Form) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the label and the rows of each section and each set of categories."""
    for section in form.sections:
        yield section.label, tuple(measure.key for measure in section.measures)
        parts: dict[str, list[str]] = {}
        for measure in section.measures:
            if measure.of:
                parts.setdefault(measure.of, []).append(measure.key)
        for whole, keys in parts.items():
            measured = form.measure(whole)
            yield measured.label if measured else whole, tuple(keys)


def _busy(cells: Cells) -> list[str]:
    return [key for key, cell in cells.items() if cell.counted]


def copied_period(
    cells: Cells,
    earlier: Iterable[tuple[str, Cells]],
    named: Callable[[str], str],
    watch: Watch,
) -> Iterator[Finding]:
    """Yield a finding when a return repeats one before the last, cell by cell.

    `earlier` holds those by the key of their period, which `named` puts in words; the
    last one has a check of its own.
    """
    busy = _busy(cells)
    if len(busy) < watch.least:
        return
    for key, before in earlier:
        # The first busy cell differs in most, and is quickly looked at.
        if before.get(busy[0]) == cells[busy[0]] and dict(before) == dict(cells):
            yield Finding(
                "copied-period",
                busy[0],
                watch.severity,
                Sentence(
                    "Toàn bộ số liệu trùng với {period}; kiểm tra có gửi nhầm báo cáo "
                    "cũ hay không, hoặc giải trình.",
                    {"period": named(key)},
                ),
                (Compared(period=key),),
            )
            return


def fingerprint(
    cells: Cells, least: int
) -> frozenset[tuple[str, State, Decimal | None]] | None:
    """Return what two copied returns have in common; None for a quiet return."""
    if len(_busy(cells)) < least:
        return None
    return frozenset((key, cell.state, cell.value) for key, cell in cells.items())


def copied_unit(cells: Cells, unit: str, watch: Watch) -> Finding:
    """Return the finding that a return repeats that of another unit.

    The sentence does not name it: who sends must not learn a neighbour's figures.
    """
    return Finding(
        "copied-unit",
        _busy(cells)[0],
        watch.severity,
        Sentence(
            "Toàn bộ số liệu trùng với báo cáo cùng kỳ của một đơn vị khác gửi trước; "
            "kiểm tra có chép nhầm báo cáo hay không, hoặc giải trình."
        ),
        (Compared(unit=unit),),
    )
