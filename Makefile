# One command each. `make` alone lists them.

PORT ?= 8501
HOST ?= localhost
# On Linux: the address of PyTorch's CPU index, named on pytorch.org's install page, keeps CUDA out of the installation.
TORCH_INDEX ?=
# The first Python of 3.11 or newer that really starts.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$p && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install
# The browser of the tests, where it is not found under its usual names.
CHROMIUM ?=
export CHROMIUM

.DEFAULT_GOAL := help
.PHONY: help run test install check fix text browser

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@echo "  Variables: PORT=$(PORT) HOST=$(HOST) TORCH_INDEX=$(TORCH_INDEX) PYTHON=... CHROMIUM=..."

run: .venv/app.stamp  ## Install what is missing and open the app (PORT=8501, HOST=localhost)
	@echo
	@echo "  ResNet Lab: http://$(HOST):$(PORT)   (Ctrl+C ends it)"
	@exec $(BIN)/streamlit run app.py --server.port=$(PORT) --server.address=$(HOST)

test: check browser  ## Everything: style, types, Dockerfile, text, every test, the browser included
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone

install: .venv/dev.stamp  ## Only install, tools for developers included

check: .venv/dev.stamp  ## Style, types, Dockerfile and translations, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m pytest -q tests/test_text.py

fix: .venv/dev.stamp  ## Repair what a tool can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python docs/tree.py

text: .venv/dev.stamp  ## Collect the texts to translate and build the catalogues
	$(BIN)/python assets/text/build.py

browser:  # Debian's browser and a Korean font, where they are missing and where we may install them.
	@bash .ci/browser

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "ResNet Lab needs Python 3.11 or newer and found none: install one, or say where it is with make PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv."; exit 1; }

# torch first and alone, so that nothing else can choose its version.
.venv/app.stamp: requirements.txt constraints.txt | .venv/bin/python
	$(PIP) $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -c constraints.txt $$(grep '^torch==' requirements.txt)
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/app.stamp
	$(PIP) -r requirements-dev.txt
	@touch $@
