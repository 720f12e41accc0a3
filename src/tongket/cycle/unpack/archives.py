"""Which workbooks are in the files that somebody sent, some of them zipped?

Nothing is ever written under a name out of an archive, and nothing is unpacked beyond
its limit.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from tongket.domain.sentences import Refusal

MOST_FILES = 2000
MOST_MEGABYTES = 100  # of everything in an archive, unpacked
LARGEST_WORKBOOK = 5  # megabytes
_MEGABYTE = 2**20
_OFFICE_PARTS = {"[Content_Types].xml", "content.xml", "xl/workbook.xml"}
_OFFICE_STARTS = (b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"mimetype")
_NOT_SENT = {".ds_store", "thumbs.db", "desktop.ini"}
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


class ArchiveRefused(Refusal, ValueError):
    """Something about an archive that keeps it, or a file in it, from being read."""


class DamagedArchive(ArchiveRefused):
    """The archive cannot be read to its end."""

    words = "Tệp nén “{file}” bị hỏng; nén lại (.zip) rồi gửi."


class LockedArchive(ArchiveRefused):
    """The archive, or a file in it, is behind a password."""

    words = "Tệp nén “{file}” có mật khẩu; nén lại không đặt mật khẩu rồi gửi."


class TooManyFiles(ArchiveRefused):
    """More files than a province has returns."""

    words = "Tệp nén “{file}” có {count} tệp, tối đa {most}; chia thành nhiều lần gửi."


class TooMuch(ArchiveRefused):
    """The archive unpacks to more than workbooks of returns can hold."""

    words = (
        "Tệp nén “{file}” bung ra {megabytes} MB, tối đa {most} MB; chỉ nén các biểu "
        "báo cáo, chia thành nhiều lần gửi."
    )


class UnsafeName(ArchiveRefused):
    """A name that would lead out of the folder it is unpacked to."""

    words = "Tên tệp “{file}” trong tệp nén không hợp lệ; nén lại thư mục rồi gửi."


class NestedArchive(ArchiveRefused):
    """An archive inside an archive."""

    words = "“{file}” là tệp nén nằm trong tệp nén; bung ra rồi nén lại một lần."


class WorkbookTooLarge(ArchiveRefused):
    """One workbook is larger than any return."""

    words = (
        "Tệp “{file}” lớn hơn {most} MB; dùng tệp biểu mẫu tải từ hệ thống, bỏ hình "
        "ảnh và trang tính thừa."
    )


class NothingInside(ArchiveRefused):
    """An archive without a file."""

    words = "Tệp nén “{file}” không có tệp nào; nén các biểu .xlsx đã điền rồi gửi."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to be read; `read` returns its content or refuses it."""

    name: str
    read: Callable[[], bytes]


def survey(files: Iterable[tuple[str, bytes]]) -> list[Entry]:
    """Return every file that is to be read, those in archives one by one.

    What systems put beside files (__MACOSX, .DS_Store, locks of open workbooks) is
    passed over. An archive that cannot be opened is one entry, which is refused.
    """
    found: list[Entry] = []
    for name, content in files:
        if is_archive(content):
            found.extend(_inside(name, content))
        elif not _is_passed_over(name):
            found.append(Entry(name, partial(_whole, name, content)))
    return found


def is_archive(content: bytes) -> bool:
    """Whether a file is a zip, and not one that an office program makes."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not _OFFICE_PARTS.intersection(archive.namelist())
    except _DAMAGED:
        return not any(part in content[:4096] for part in _OFFICE_STARTS)


def _inside(name: str, content: bytes) -> Iterator[Entry]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED:
        yield _refused(name, DamagedArchive(file=name))
        return
    files = [
        each
        for each in archive.infolist()
        if not each.is_dir() and not _is_passed_over(_name(each))
    ]
    refusal = _against(name, files)
    if refusal:
        yield _refused(name, refusal)
        return
    for each in files:
        yield Entry(_name(each), partial(_member, archive, each))


def _against(name: str, files: list[zipfile.ZipInfo]) -> Refusal | None:
    size = sum(each.file_size for each in files)
    if any(each.flag_bits & 1 for each in files):
        return LockedArchive(file=name)
    if len(files) > MOST_FILES:
        return TooManyFiles(file=name, count=len(files), most=MOST_FILES)
    if size > MOST_MEGABYTES * _MEGABYTE:
        megabytes = size // _MEGABYTE
        return TooMuch(file=name, megabytes=megabytes, most=MOST_MEGABYTES)
    return None if files else NothingInside(file=name)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    name = _name(info)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise UnsafeName(file=name)
    limit = LARGEST_WORKBOOK * _MEGABYTE
    try:
        with archive.open(info) as file:
            content = file.read(limit + 1)
    except _DAMAGED as damaged:
        raise DamagedArchive(file=name) from damaged
    if is_archive(content):
        raise NestedArchive(file=name)
    return _whole(name, content)


def _whole(name: str, content: bytes) -> bytes:
    if len(content) > LARGEST_WORKBOOK * _MEGABYTE:
        raise WorkbookTooLarge(file=name, most=LARGEST_WORKBOOK)
    return content


def _refused(name: str, refusal: Refusal) -> Entry:
    def read() -> bytes:
        raise refusal

    return Entry(name, read)


def _is_passed_over(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1].casefold() if parts else ""
    return (
        "__MACOSX" in parts
        or last in _NOT_SENT
        or last.startswith(("~$", ".~lock.", "._"))
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: old programs write UTF-8 and do not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
