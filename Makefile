# The commands of the repository. `make run` and `make test` do their own set-up;
# nothing but Python 3.11 or newer and make is needed. A second run installs nothing.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
UV ?= uv
# The day that the demonstration takes for today: some plans came late, some never did.
DAY ?= 2024-02-05
# The first interpreter of this machine that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each && break; done)

BIN := .venv/bin
LOCALE := src/tongket/config/locale
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(LOCALE)/*/LC_MESSAGES/*.po))
LOCK := $(UV) pip compile --quiet --python-version 3.11 --universal \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

# install(file): what a lock file names, hashes checked; a terminal sees a count.
define install
total=$$(grep -c '==' $(1)); \
echo "→ Cài đặt $$total gói trong $(1) / installing the packages of $(1)"; \
$(BIN)/python -m pip install --require-hashes --disable-pip-version-check \
	--progress-bar off -r $(1) >.venv/pip.log 2>&1 & \
installer=$$!; \
while [ -t 1 ] && kill -0 $$installer 2>/dev/null; do \
	printf '\r  %s/%s ' "$$(grep -c -E '^(Collecting|Requirement) ' .venv/pip.log || true)" \
		"$$total"; \
	sleep 1; \
done; \
if [ -t 1 ]; then printf '\n'; fi; \
wait $$installer || { tail -n 20 .venv/pip.log >&2; exit 1; }
endef

.PHONY: help run demo test test-long bench matrix mutation kill tamper audit-deps scan \
	check docs messages lock clean

help: ## liệt kê các lệnh / list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: demo ## cài đặt, chạy trọn năm minh họa, mở trang web / the year, then the site
	@TONGKET_TODAY=$(DAY) $(BIN)/tongket serve --port $(PORT)

demo: .venv/.ready $(CATALOGUES) ## như run, không mở trang web / the same without the site
	@TONGKET_TODAY=$(DAY) $(BIN)/tongket demo

test: .venv/.ready-dev $(CATALOGUES) ## toàn bộ kiểm thử, độ phủ, PostgreSQL / every test
	@echo "→ Kiểm thử trên SQLite / tests on SQLite"
	@$(BIN)/coverage erase
	@$(BIN)/python -m pytest -q --cov --cov-report=
	@echo "→ Độ phủ / coverage"
	@$(BIN)/coverage report
	@$(BIN)/coverage report --fail-under=95 \
		--include='src/tongket/domain/*,src/tongket/cycle/*' | tail -n 1
	@echo "→ Kiểm thử trên PostgreSQL / tests on PostgreSQL"
	@$(BIN)/python -m tests.postgres

test-long: .venv/.ready-dev $(CATALOGUES) ## các phép thử ngẫu nhiên, nhiều ví dụ / long property runs
	@$(BIN)/python -m pytest -q --hypothesis-profile=long tests/domain tests/analytics

bench: .venv/.ready-dev $(CATALOGUES) ## đo tốc độ (benchmarks/README.md) / how fast it is
	@for each in grid rush workbooks api_values checking accepting board audit; do \
		echo "→ $$each"; $(BIN)/python -m benchmarks.$$each || failed=1; \
	done; exit $${failed:-0}

matrix: .venv/.ready-dev $(CATALOGUES) ## mọi địa chỉ × phương thức × vai trò × đơn vị / the whole access matrix
	@MATRIX=full $(BIN)/python -m pytest -q tests/walls

mutation: .venv/.ready-dev ## điểm đột biến của phân quyền / mutation score of the access rules
	@$(BIN)/python -m tests.mutation

kill: .venv/.ready-dev $(CATALOGUES) ## 200 lần kill -9 khi đang nộp báo cáo / kill test
	@$(BIN)/python -m benchmarks.kill

tamper: .venv/.ready-dev ## 10.000 lần làm giả nhật ký / falsify the log 10,000 times
	@TAMPERINGS=10000 $(BIN)/python -m pytest -q -s tests/cycle/test_tampering.py

audit-deps: .venv/.ready-dev ## lỗ hổng đã biết của các gói (cần mạng) / known holes in packages
	@$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements/base.txt

scan: .venv/.ready ## wapiti quét trang minh họa đang chạy ở PORT (cần cài wapiti) / scan the running site
	@$(BIN)/python tools/scan.py http://127.0.0.1:$(PORT) \
		--password-file $${TONGKET_DATA_DIR:-var}/demo-password

check: .venv/.ready-dev $(CATALOGUES) ## kiểm tra mã nguồn, kiến trúc, gói dữ liệu / lint, types, packs
	@echo "→ ruff"; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "→ bandit"; $(BIN)/bandit --quiet -c pyproject.toml -r src tools
	@echo "→ mypy"; $(BIN)/mypy --no-error-summary
	@echo "→ import-linter"; $(BIN)/lint-imports --no-cache >.venv/imports.log \
		|| { cat .venv/imports.log; exit 1; }
	@echo "→ bố cục, tài liệu / layout, documentation"
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_layout.py tests/test_docs.py
	@echo "→ migrations"; $(BIN)/tongket makemigrations --check --dry-run -v 0
	@echo "→ packs"; $(BIN)/tongket check-packs

docs: .venv/.ready-dev ## kiểm tra liên kết và phần tham chiếu / links and references
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_docs.py

messages: .venv/.ready-dev ## thêm câu mới vào bản dịch / new sentences into the catalogue
	@$(BIN)/python -m tests.messages update

lock: ## viết lại tệp khóa (cần uv) / write the lock files again (needs uv)
	@$(LOCK) -o requirements/base.txt requirements/base.in
	@$(LOCK) -o requirements/dev.txt requirements/dev.in

clean: ## xóa .venv, var và các tệp sinh ra / delete what was generated
	@rm -rf .venv var build dist htmlcov .coverage .pytest_cache .mypy_cache \
		.ruff_cache .import_linter_cache .hypothesis src/*.egg-info
	@find src tests -name __pycache__ -prune -exec rm -rf {} +
	@find $(LOCALE) -name '*.mo' -delete

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { \
		echo "Cần Python 3.11 trở lên; cài đặt rồi chạy lại, hoặc PYTHON=đường-dẫn." ; \
		echo "Python 3.11 or newer is needed; install it and run again, or set PYTHON=path."; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python thiếu mô-đun venv; trên Debian và Ubuntu: cài gói python3-venv."; \
		echo "Python lacks its venv module; on Debian and Ubuntu install python3-venv."; \
		exit 1; }
	@echo "→ Tạo .venv / creating .venv ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv .venv

.venv/.ready: requirements/base.txt pyproject.toml | .venv/bin/python
	@$(call install,requirements/base.txt)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

.venv/.ready-dev: .venv/.ready requirements/dev.txt
	@$(call install,requirements/dev.txt)
	@touch $@

%.mo: %.po | .venv/.ready
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@ --locale=en
