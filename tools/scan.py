"""Does wapiti find a hole in the running demonstration, as the standing office sees it?

    python3 tools/scan.py http://127.0.0.1:8000 --password-file var/demo-password

Signs in, lets wapiti 3.2 (installed apart, it is no dependency) crawl and attack the
site for some minutes, and says what it found. It writes into the site that it attacks:
give it the demonstration only. Ends with 0, or 1 with one line for each finding.
"""

import argparse
import json
import re
import shutil
import subprocess  # starts wapiti  # nosec B404
import sys
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

ACCOUNT = "thuong-truc"
# No guessing of names or passwords, nothing that asks a host outside.
MODULES = (
    "cookieflags", "csp", "http_headers", "csrf", "crlf", "redirect", "sql", "xss",
    "permanentxss", "exec", "file", "methods",
)  # fmt: skip
# These would end the session, or change the password.
NOT_VISITED = ("/dang-xuat/", "/van-phong/tai-khoan/")
CRAWL, ATTACK = 90, 25  # seconds in all; of each module
# What wapiti says of every site, and why it is none of ours.
EXPECTED = {
    "Secure Flag cookie": "the demonstration speaks plain HTTP on this machine",
    "HttpOnly Flag cookie": "csrftoken: the grid's script sends it back",
    "HTTP Secure Headers": "HSTS only over TLS; X-XSS-Protection is withdrawn",
}


def signed_in(site: str, password: str) -> dict[str, str]:
    """Return the cookies of a session of the standing office."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    address = f"{site}/dang-nhap/"
    page = browser.open(address).read().decode()  # nosec B310
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, "the page of signing in has a form"
    form = {"csrfmiddlewaretoken": token[1], "username": ACCOUNT, "password": password}
    browser.open(address, urlencode(form).encode())  # nosec B310
    found = {cookie.name: str(cookie.value) for cookie in jar}
    if "sessionid" not in found:
        raise SystemExit(f"{ACCOUNT}: cannot sign in at {address}")
    return found


def cookie_file(site: str, cookies: dict[str, str], folder: Path) -> Path:
    """Write cookies as wapiti reads them."""
    more = {"expires": None, "secure": False, "port": None, "version": 0}
    each = {name: {"value": value, **more} for name, value in cookies.items()}
    file = folder / "cookies.json"
    file.write_text(json.dumps({urlsplit(site).hostname: {"/": each}}))
    return file


def scanned(site: str, cookies: dict[str, str], folder: Path) -> dict[str, list[dict]]:
    """Let wapiti loose on the site; return its findings by kind."""
    report, away = folder / "report.json", []
    for path in NOT_VISITED:
        away += ["--exclude", f"{site}{path}*"]
    away += ["--start", f"{site}/van-phong/"]
    subprocess.run(  # noqa: S603 no shell  # nosec B603
        [
            shutil.which("wapiti") or "wapiti",
            *("--url", f"{site}/", "--scope", "domain", "--flush-session"),
            *("--cookie", cookie_file(site, cookies, folder)),
            *("--module", ",".join(MODULES), "--no-bugreport", "--verbose", "1"),
            *("--max-links-per-page", "40", "--max-files-per-dir", "30"),
            *("--max-scan-time", str(CRAWL), "--max-attack-time", str(ATTACK)),
            *("--store-session", folder, "--format", "json", "--output", report),
            *away,
        ],
        check=True,
    )
    told = json.loads(report.read_text())
    return {
        kind: found
        for part in ("vulnerabilities", "anomalies")
        for kind, found in told[part].items()
        if found
    }


def main() -> int:
    """Scan the site that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", help="http://127.0.0.1:8000")
    parser.add_argument("--password-file", type=Path, required=True)
    asked = parser.parse_args()
    site = asked.site.rstrip("/")
    if not shutil.which("wapiti"):
        print("wapiti: cài đặt rồi chạy lại / install it and run again")
        return 1
    cookies = signed_in(site, asked.password_file.read_text().strip())
    with tempfile.TemporaryDirectory(prefix="tongket-scan-") as name:
        found = scanned(site, cookies, Path(name))
    bad = 0
    for kind, each in found.items():
        why = EXPECTED.get(kind, "")
        bad += 0 if why else len(each)
        print(f"{kind}: {len(each)}" + (f" ({why})" if why else ""))
        for one in [] if why else each:
            print(f"  {one['method']} {one['path']} {one['parameter']}: {one['info']}")
    print(f"{bad} phát hiện / findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
