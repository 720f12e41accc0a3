"""What does the portal keep: releases with their files, pages, views and ratings?

Everything here is public or will be at its hour. Nothing refers to a return, a unit or
an account: a release arrives complete and is never changed, only followed by another.
"""

from typing import Any

from django.db import models
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import Page

from tongket.portal import presentation


class PublishedRelease(models.Model):
    """One publication as it was pushed: the values of `domain.releases.Release`.

    `version` counts the releases of one period from 1; `search_text` holds the words of
    the article with accents folded, for the search page.
    """

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=128, unique=True)
    province = models.CharField(max_length=200)
    period_label = models.CharField(max_length=100)
    window = models.CharField(max_length=60)
    published_at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=200)
    warning = models.TextField(blank=True)
    figures = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    charts = models.JSONField(default=list)
    search_text = models.TextField(blank=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="portal_release_key_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.version})"

    @property
    def downloads(self) -> models.QuerySet["ReleaseFile"]:
        """The documents of the release, without the photo."""
        return self.files.filter(is_photo=False).defer("content")

    def headlines(self) -> list[presentation.Shown]:
        """Return the figures that matter most, in the language of the page."""
        return [each for each in self.shown() if each.is_headline]

    def shown(self) -> list[presentation.Shown]:
        """Return every figure in the language of the page."""
        return presentation.shown(self.figures)


class ReleaseFile(models.Model):
    """A document or photo of a release, kept with its hash in the same transaction."""

    release = models.ForeignKey(PublishedRelease, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_photo = models.BooleanField(default=False)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class HomePage(Page):
    """The first page: headline figures of the newest release, newest articles."""

    template = "portal/home.html"
    max_count = 1
    subpage_types = ["portal.ArticlePage", "portal.FiguresPage"]
    parent_page_types = ["wagtailcore.Page"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the articles whose hour has come and the newest release."""
        articles = ArticlePage.public().select_related("release")[:10]
        release = articles[0].release if articles else None
        figures = FiguresPage.objects.filter(release=release).first()
        return super().get_context(request, *args, **kwargs) | {
            "articles": articles,
            "release": release,
            "figures_page": figures,
            "headlines": release.headlines() if release else [],
        }


class ReleasedPage(Page):
    """A page made from a release; it does not exist before its hour."""

    release = models.ForeignKey(PublishedRelease, models.PROTECT, related_name="+")

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        HelpPanel(
            content=gettext_lazy(
                "Nội dung do giai đoạn công bố chuyển sang. Muốn sửa số liệu hoặc câu "
                "chữ thì công bố lại từ văn phòng tổng kết."
            )
        ),
        FieldPanel("title", read_only=True),
    ]

    class Meta:
        abstract = True

    @classmethod
    def public(cls) -> models.QuerySet[Any]:
        """Return the pages that a reader may see now, newest first."""
        return (
            cls.objects.live()
            .filter(release__published_at__lte=timezone.now())
            .order_by("-release__published_at", "-id")
        )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page; before its hour it answers as any unknown address does."""
        if self.release.published_at > timezone.now():
            raise Http404
        return super().serve(request, *args, **kwargs)


class ArticlePage(ReleasedPage):
    """The news article; each number in it leads to its figure.

    `paragraphs` is a list of {style, runs: [{text, figure}]}; `photo_caption` and
    `photo_alt` go with the release's photo.
    """

    template = "portal/article.html"
    lead = models.TextField()
    paragraphs = models.JSONField(default=list)
    authors = models.JSONField(default=list)
    photo = models.ForeignKey(
        ReleaseFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo_caption = models.TextField(blank=True)
    photo_alt = models.TextField(blank=True)

    content_panels = [*ReleasedPage.content_panels, FieldPanel("lead", read_only=True)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the figures beside the text, the views and the ratings."""
        figures = FiguresPage.objects.filter(release=self.release).first()
        return super().get_context(request, *args, **kwargs) | {
            "figures_page": figures,
            "headlines": self.release.headlines(),
            "views": presentation.rounded_views(ViewCount.of(self)),
            "rating": presentation.Rating(RatingCount.of(self)),
            "was_recorded": request.GET.get("danh-gia") == "da-ghi-nhan",
            "linked_data": presentation.linked_data(self),
        }


class FiguresPage(ReleasedPage):
    """The figures of one release, each with the answer to "why"."""

    template = "portal/figures.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the figures by block."""
        article = ArticlePage.objects.filter(release=self.release).first()
        figures = self.release.shown()
        return super().get_context(request, *args, **kwargs) | {
            "article": article,
            "figures": figures,
            "headlines": [each for each in figures if each.is_headline],
            "blocks": presentation.by_block(figures),
        }


class ViewCount(models.Model):
    """How often an article was read: an integer, no address, no hour, no browser."""

    article = models.OneToOneField(
        ArticlePage, models.CASCADE, primary_key=True, related_name="+"
    )
    views = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.views)

    @classmethod
    def add(cls, article: ArticlePage) -> None:
        """Count one reading."""
        cls.objects.get_or_create(article=article)
        cls.objects.filter(article=article).update(views=F("views") + 1)

    @classmethod
    def of(cls, article: ArticlePage) -> int:
        """Return the readings counted so far."""
        found = cls.objects.filter(article=article).first()
        return found.views if found else 0


class RatingCount(models.Model):
    """How many readers gave an article one of the five answers."""

    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "score"], name="portal_rating_article_score"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5),
                name="portal_rating_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}: {self.votes}"

    @classmethod
    def add(cls, article: ArticlePage, score: int) -> None:
        """Count one vote."""
        cls.objects.get_or_create(article=article, score=score)
        cls.objects.filter(article=article, score=score).update(votes=F("votes") + 1)

    @classmethod
    def of(cls, article: ArticlePage) -> dict[int, int]:
        """Return the votes by score."""
        rows = cls.objects.filter(article=article).values_list("score", "votes")
        return dict(rows)


class UsedNonce(models.Model):
    """A rating form that was sent; kept until it would have expired anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]
