"""Where do facts stand while several folders are read, and what was defined twice?"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from tongket.domain.commendations import AwardForm
from tongket.domain.criteria import Edition
from tongket.domain.dated import Dated
from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.english import MeasureUnit
from tongket.domain.forms import Form
from tongket.domain.indicators import Indicator
from tongket.domain.periods import Regime
from tongket.domain.programme import Programme
from tongket.domain.reminders import ReminderRule
from tongket.domain.reporting import ReportingScheme
from tongket.domain.rules import Rule
from tongket.domain.sentences import Sentence
from tongket.domain.sources import Instrument
from tongket.domain.units import GroupMembership, Lineage, UnitVersion
from tongket.domain.watching import Watch
from tongket.loader.pack import Example, Heading, Post, Template, UnitKind
from tongket.loader.refusals import DefinedTwice
from tongket.loader.rows import Log, Row

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things of one sort by key, and where each was written; no key stands twice."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.values: dict[str, T] = {}
        self.rows: dict[str, Row] = {}

    def put(self, key: str, value: T, row: Row) -> None:
        """Add one; a key that is taken is refused, naming where it was."""
        if key in self.rows:
            first = self.rows[key]
            other = f"{first.file}:{first.line}"
            what = Sentence(self.what)
            row.refuse(DefinedTwice, what=what, key=key, other=other)
            return
        self.values[key] = value
        self.rows[key] = row


@dataclass
class Draft:
    """Everything read so far; the singles stand on a shelf of their own, by key."""

    log: Log = field(default_factory=Log)
    instruments: Shelf[Instrument] = field(default_factory=lambda: Shelf("văn bản"))
    regimes: Shelf[Regime] = field(default_factory=lambda: Shelf("chế độ báo cáo"))
    kinds: Shelf[UnitKind] = field(default_factory=lambda: Shelf("loại đơn vị"))
    forms: Shelf[Form] = field(default_factory=lambda: Shelf("biểu mẫu"))
    schemes: Shelf[ReportingScheme] = field(
        default_factory=lambda: Shelf("chế độ báo cáo")
    )
    indicators: Shelf[Indicator] = field(default_factory=lambda: Shelf("chỉ tiêu"))
    rules: Shelf[Rule] = field(default_factory=lambda: Shelf("quy tắc kiểm tra"))
    editions: Shelf[Edition] = field(default_factory=lambda: Shelf("bộ tiêu chí"))
    dates: Shelf[Dated[int]] = field(default_factory=lambda: Shelf("mốc thời gian"))
    award_forms: Shelf[AwardForm] = field(
        default_factory=lambda: Shelf("hình thức khen thưởng")
    )
    reminders: Shelf[ReminderRule] = field(default_factory=lambda: Shelf("lần nhắc"))
    posts: Shelf[Post] = field(default_factory=lambda: Shelf("chức danh"))
    templates: Shelf[Template] = field(default_factory=lambda: Shelf("mẫu văn bản"))
    programmes: Shelf[Programme] = field(
        default_factory=lambda: Shelf("chương trình công tác")
    )
    examples: Shelf[dict[str, Example]] = field(
        default_factory=lambda: Shelf("kết quả đã công bố")
    )
    measure_units: Shelf[MeasureUnit] = field(
        default_factory=lambda: Shelf("đơn vị tính")
    )
    phrases: Shelf[str] = field(default_factory=lambda: Shelf("cụm từ"))
    vocabulary: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ladder: Shelf[Dated[tuple[str, ...]]] = field(
        default_factory=lambda: Shelf("các cấp duyệt của loại đơn vị")
    )
    watches: list[Watch] = field(default_factory=list)
    units: list[tuple[UnitVersion, str, int]] = field(default_factory=list)
    lineage: list[tuple[Lineage, str, int]] = field(default_factory=list)
    groups: list[tuple[GroupMembership, str, int]] = field(default_factory=list)
    calendar: Shelf[WorkingCalendar] = field(default_factory=lambda: Shelf("lịch nghỉ"))
    letterhead: Shelf[Heading] = field(default_factory=lambda: Shelf("khóa"))
    words: Shelf[str] = field(default_factory=lambda: Shelf("khóa"))
    jump_times: Shelf[Decimal] = field(default_factory=lambda: Shelf("khóa"))
    threshold: Shelf[Dated[int]] = field(default_factory=lambda: Shelf("khóa"))
    worthy_bands: Shelf[frozenset[str]] = field(default_factory=lambda: Shelf("khóa"))
