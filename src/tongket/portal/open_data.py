"""How are the figures of a release taken away: as CSV, as JSON, as a feed of news?"""

import csv
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from tongket.domain.exports import defused
from tongket.portal.models import ArticlePage, PublishedRelease

COLUMNS = {
    "key": "Mã",
    "block": "Nhóm",
    "label": "Chỉ tiêu",
    "english": "Indicator (English)",
    "value": "Giá trị",
    "window": "Kỳ số liệu",
    "parts": "Tử số/mẫu số",
    "change": "So với kỳ gốc",
    "base": "Giá trị kỳ gốc",
    "base_window": "Kỳ gốc",
    "target": "Mục tiêu",
    "definition": "Định nghĩa",
    "returned": "Báo cáo đã nhận",
    "owed": "Báo cáo phải gửi",
    "source": "Nguồn",
    "is_illustrative": "Số liệu minh họa",
    "needs_verification": "Cần kiểm chứng",
}


def _newest(key: str) -> PublishedRelease:
    found = PublishedRelease.objects.filter(
        key=key, published_at__lte=timezone.now()
    ).first()
    if found is None:
        raise Http404
    return found


def _cell(value: object) -> object:
    """Return a value as it stands in the file; yes is a word, no is empty."""
    if isinstance(value, bool):
        return "có" if value else ""
    return "" if value is None else defused(value)


@require_safe
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Return every figure of the newest release of a period, for a spreadsheet."""
    release = _newest(key)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="so-lieu-{release.key}.csv"'
    answer.write("\ufeff")  # Excel reads UTF-8 only with this mark
    writer = csv.writer(answer)
    writer.writerow(COLUMNS.values())
    for figure in release.figures:
        writer.writerow(_cell(figure[name]) for name in COLUMNS)
    return answer


@require_safe
def as_json(request: HttpRequest, key: str) -> JsonResponse:
    """Return the newest release of a period as open data."""
    release = _newest(key)
    files = [
        {
            "name": file.name,
            "label": file.label,
            "content_type": file.content_type,
            "size": file.size,
            "sha256": file.sha256,
            "url": request.build_absolute_uri(
                reverse("portal-file", args=[file.pk, file.name])
            ),
        }
        for file in release.downloads
    ]
    data = {
        "key": release.key,
        "version": release.version,
        "content_hash": release.content_hash,
        "province": release.province,
        "period": release.period_label,
        "window": release.window,
        "published_at": release.published_at.isoformat(),
        "warning": release.warning,
        "figures": release.figures,
        "tables": release.tables,
        "files": files,
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


class News(Feed):
    """The news as Atom: an entry's identity never changes, `updated` does."""

    feed_type = Atom1Feed
    title = "Tổng kết công tác phòng, chống tội phạm, tệ nạn xã hội"
    link = "/"
    language = "vi"

    def items(self) -> Any:
        """Return the newest articles."""
        return ArticlePage.public().select_related("release")[:20]

    def item_title(self, item: ArticlePage) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: ArticlePage) -> str:
        """Return the lead."""
        return item.lead

    def item_link(self, item: ArticlePage) -> str:
        """Return the address."""
        return item.url

    def item_guid(self, item: ArticlePage) -> str:
        """Return an identity that survives a new title or version."""
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: ArticlePage) -> Any:
        """Return the hour of the newest release of it."""
        return item.release.published_at

    def item_updateddate(self, item: ArticlePage) -> Any:
        """Return when it was last renewed."""
        return item.last_published_at
