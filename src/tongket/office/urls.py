"""Addresses of the staff pages, gathered from the pages themselves."""

from tongket.office.pages import (
    account,
    audit,
    check,
    collect,
    commend,
    count,
    overview,
    plan,
    proposals,
    publish,
    report,
    score,
    units,
    year,
)

urlpatterns = [
    *account.urlpatterns,
    *year.urlpatterns,
    *overview.urlpatterns,
    *units.urlpatterns,
    *collect.urlpatterns,
    *check.urlpatterns,
    *count.urlpatterns,
    *score.urlpatterns,
    *plan.urlpatterns,
    *proposals.urlpatterns,
    *commend.urlpatterns,
    *report.urlpatterns,
    *publish.urlpatterns,
    *audit.urlpatterns,
]
