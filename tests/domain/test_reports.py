"""A document as values: its words without the identities, its paragraphs in order."""

import datetime as dt

from tongket.domain.reports import Letterhead, Paragraph, Report, Run, Style, Table

LETTERHEAD = Letterhead(
    governing_body="UBND TỈNH",
    issuing_body="BAN CHỈ ĐẠO",
    number=0,
    symbol="BC-BCĐ",
    place="Bắc Giang",
    dated=dt.date(2024, 1, 12),
    kind="BÁO CÁO",
    subject="Tổng kết năm 2023",
    authority="TM. BAN CHỈ ĐẠO",
    post="TRƯỞNG BAN",
)


def test_a_paragraph_reads_as_its_runs_joined():
    figure = "social-order-cases@tinh@nd09-2023"
    paragraph = Paragraph((Run("Xảy ra "), Run("1.008", figure), Run(" vụ.")))
    assert paragraph.text == "Xảy ra 1.008 vụ."
    assert paragraph.style is Style.BODY


def test_the_paragraphs_of_a_report_leave_tables_out_and_keep_their_order():
    first, last = Paragraph((Run("I."),), Style.HEADING), Paragraph((Run("Hết."),))
    table = Table("Bảng 1", ("Chỉ tiêu",), ((Run("1.008"),),))
    assert Report(LETTERHEAD, (first, table, last)).paragraphs == (first, last)
