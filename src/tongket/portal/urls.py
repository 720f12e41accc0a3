"""Which addresses does the portal have beside the pages that Wagtail serves?

`pages` exist in both languages (/en/…); `data` are the same for everybody.
"""

from django.urls import path

from tongket.portal import open_data, views

pages = [
    path("tim-kiem/", views.find, name="portal-search"),
    path("danh-gia/<int:article>/", views.rate, name="portal-rate"),
]
data = [
    path("v/<int:article>.gif", views.count_view, name="portal-view"),
    path("anh/<int:file>/", views.photo, name="portal-photo"),
    path("tep/<int:file>/<str:name>", views.download, name="portal-file"),
    path("so-lieu/<str:key>.csv", open_data.as_csv, name="portal-csv"),
    path("so-lieu/<str:key>.json", open_data.as_json, name="portal-json"),
    path("tin.atom", open_data.News(), name="portal-feed"),
]
