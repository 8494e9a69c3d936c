# The two commands people need, and two for those who work on it. Everything else is meson's.
#   make run     installs what is missing, builds, makes the demo city if there is none, serves it
#   make test    installs what is missing, builds with sanitizers, runs every test
#   make build   the release binary build/anwang
#   make bench   measures, prints ratios, writes bench/results/*.json
PORT ?= 8080
LISTEN ?= 127.0.0.1:$(PORT)

.PHONY: run test build bench
.DEFAULT_GOAL := build

run:
	@tools/install.sh build
	@$(MAKE) -s build
	@exec tools/run.sh $(LISTEN)

test:
	@tools/install.sh test
	@exec tools/test.py

build:
	@[ -f build/build.ninja ] || meson setup build --buildtype=release -Dtests=false >/dev/null
	@ninja -C build --quiet anwang

bench: build
	@exec bench/run.py
