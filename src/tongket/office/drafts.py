"""What does a draft say that somebody typed elsewhere? Its text, from a file."""

import io
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import PurePath

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from tongket.domain.sentences import Refusal

LARGEST = 5_000_000  # bytes of a file; a report of fifty pages has under one million
LARGEST_INSIDE = 50_000_000  # bytes of a Word file when it is unpacked
KINDS = (".txt", ".docx", ".html", ".htm")


class DraftRefused(Refusal, ValueError):
    """A file from which no text can be taken."""


class DraftMissing(DraftRefused):
    """There is no such file."""

    words = "Không có tệp {file}; kiểm tra lại đường dẫn."


class DraftOfUnknownKind(DraftRefused):
    """Neither text nor Word."""

    words = "Không đọc được loại tệp của {file}; chỉ nhận .txt, .docx và .html."


class DraftUnreadable(DraftRefused):
    """The content is not what the name says."""

    words = "Không đọc được {file}: tệp hỏng hoặc không đúng định dạng; lưu lại tệp."


class DraftTooLarge(DraftRefused):
    """More than any draft has."""

    words = "Tệp {file} quá lớn để kiểm tra; tối đa 5 MB."


class DraftNotInUnicode(DraftRefused):
    """The text was saved in an old code page."""

    words = "Tệp {file} không phải văn bản Unicode; lưu lại với mã UTF-8."


class DraftEmpty(DraftRefused):
    """Nothing to check."""

    words = "Chưa có nội dung để kiểm tra; dán văn bản hoặc chọn tệp .txt, .docx."


def text_of(name: str, content: bytes) -> str:
    """Return the text of a draft, a paragraph a line; refuses what cannot be read."""
    kind = PurePath(name).suffix.lower()
    if kind not in KINDS:
        raise DraftOfUnknownKind(file=name)
    if len(content) > LARGEST:
        raise DraftTooLarge(file=name)
    if kind == ".docx":
        text = _of_word(name, content)
    elif kind == ".txt":
        text = decoded(name, content)
    else:
        reader = _Reader()
        reader.feed(decoded(name, content))
        text = reader.text
    if not text.strip():
        raise DraftEmpty
    return unicodedata.normalize("NFC", text)


def decoded(name: str, content: bytes) -> str:
    """Return the text of bytes in UTF-8 or UTF-16, or refuse them."""
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise DraftNotInUnicode(file=name) from wrong


def _of_word(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > LARGEST_INSIDE:
            raise DraftTooLarge(file=name)
        body = docx.Document(io.BytesIO(content)).element.body
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        KeyError,  # a part of the file is not there
        ValueError,  # it is another kind of Office file
        SyntaxError,  # a part is no XML
    ) as wrong:
        if isinstance(wrong, DraftRefused):
            raise
        raise DraftUnreadable(file=name) from wrong
    lines = (
        "".join(run.text or "" for run in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    )
    return "\n".join(lines)


class _Reader(HTMLParser):
    """Collects what a reader of a page would see; a block ends a line."""

    BLOCKS = frozenset({"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "td"})
    UNSEEN = frozenset({"script", "style", "head", "nav", "footer"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.UNSEEN:
            self._unseen += 1
        if tag in self.BLOCKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in self.BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(" ".join(data.split()) + " " if data.strip() else "")

    @property
    def text(self) -> str:
        """The lines that are not empty."""
        lines = "".join(self._parts).splitlines()
        return "\n".join(" ".join(line.split()) for line in lines if line.strip())
