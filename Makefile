# heedaudit: what a person types. `make demo` and `make test` are all a newcomer needs.
# Nothing here needs root but installing system packages and `make install` into a system folder.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

# Debian packages: the libraries the tool links, and what the tests look at its reports with.
BUILD_PACKAGES = libcurl4-openssl-dev libssl-dev libxml2-dev libsimdjson-dev libxlsxwriter-dev pkg-config zlib1g-dev
TEST_PACKAGES = curl openssl libxml2-utils jq python3 libreoffice-calc-nogui chromium fonts-dejavu-core \
    default-jre-headless python3-pip poppler-utils tinyproxy acl bzip2 xz-utils \
    python3-jsonschema prometheus

# Apache Spark in a folder of its own, which only its tests use.
SPARK = .build-spark
SPARK_PACKAGES = 'pyspark>=4,<5' pyarrow pandas tzdata 'moto[server]>=5,<6' duckdb chdb

.PHONY: help setup setup-build build demo test test-fast test-spark soak bench format lint record-goldens templates docs picture install uninstall package test-package clean

help:
	@echo "make demo     build, run the main job on the embedded sandbox, say which report to open"
	@echo "make test     every test but Spark's: format check, unit, golden and acceptance tests"
	@echo "make test-fast  what needs no other program: format check, unit tests"
	@echo "make test-spark  the tables by Apache Spark, on two workers, beside the tool's (docs/scale.md)"
	@echo "make build    the release binary: .build/release/heedaudit"
	@echo "make setup    install the Debian packages that build and tests need (only missing ones)"
	@echo "make soak     kills, full disks, rate limits, damaged files, three years of daily runs: three quarters of an hour"
	@echo "make bench    compare speed and memory with the peers (Benchmarks/README.md)"
	@echo "make templates  the list of built-in templates anew from templates/"
	@echo "make docs     docs/report-xml.md, docs/configuration.md, the sample file and the table of docs/controls.md anew"
	@echo "make picture  the README's picture anew from the demo's report"
	@echo "make format   format the sources in place"
	@echo "make install  PREFIX=$(PREFIX): program, man pages, completions, units; make uninstall takes them away"
	@echo "make package  the Debian package; make test-package tries it in a chroot without Swift"

setup:
	scripts/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	scripts/install-checkers

setup-build:
	@scripts/install-packages $(BUILD_PACKAGES)

build: setup-build
	HEEDAUDIT_COMMIT="$${HEEDAUDIT_COMMIT-$$(scripts/commit)}" $(SWIFT) build -c release --product heedaudit

demo: build
	.build/release/heedaudit demo --archive output/demo/archive --output output/demo/reports

test-fast: setup-build lint
	scripts/test-fast

test: setup lint
	scripts/test

# The first time it installs Spark, 2 GB with what it is tried with.
test-spark: setup-build
	@scripts/install-packages openjdk-17-jre-headless python3-venv jq procps
	@[ -x $(SPARK)/bin/moto_server ] || { python3 -m venv $(SPARK) && $(SPARK)/bin/pip install --quiet $(SPARK_PACKAGES); }
	@[ -e $(SPARK)/storage/complete ] || PATH="$(CURDIR)/$(SPARK)/bin:$$PATH" spark/fetch_storage $(SPARK)/storage
	$(SWIFT) build --product heedaudit
	HEEDAUDIT=$(CURDIR)/.build/debug/heedaudit STORAGE=$(CURDIR)/$(SPARK)/storage PATH="$(CURDIR)/$(SPARK)/bin:$$PATH" spark/test

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	scripts/check-rooms

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

# Re-records the golden files that tests compare with; read the difference before you commit it.
record-goldens: setup
	RECORD_GOLDEN=1 $(SWIFT) test --filter GoldenTests || true
	git diff --stat -- Tests

# The list of built-in templates, made from the folder; a test compares them.
templates:
	scripts/embed-templates

# Documents made from the schema's annotations and from the table of settings, and the sample file; tests compare them.
docs: setup-build
	scripts/schema-docs
	$(SWIFT) build --product heedaudit
	scripts/setting-files .build/debug/heedaudit
	scripts/control-docs .build/debug/heedaudit

# Long trials: killed pulls and imports, full disks, the share of the allowance reached (root for the small disk).
soak: build
	@scripts/install-packages faketime
	scripts/soak
	scripts/years

bench: build
	Benchmarks/run

# The picture in the README, taken of the demo's report.
picture: demo
	scripts/picture docs/report.png

install: build
	scripts/install-files .build/release/heedaudit "$(DESTDIR)" "$(PREFIX)"

uninstall:
	scripts/install-files --remove "$(DESTDIR)" "$(PREFIX)"

# A Debian package, .build-package/heedaudit_*.deb, that needs no Swift where it goes (packaging/README.md).
package: setup-build
	@scripts/install-packages debhelper fakeroot
	scripts/package

# Installs the package in a Debian chroot without Swift and uses it there; needs root, or user namespaces.
test-package: package
	@scripts/install-packages mmdebstrap lintian man-db
	scripts/test-package

clean:
	rm -rf .build
