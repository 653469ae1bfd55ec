# `make help` lists the targets. Variables that can be set:
#   NETKIT_TEST_ENGINE  engines the real-engine tests may use, comma-separated (unix://…);
#                       without it they start a private one and stop it afterwards
#   GOLANGCI_LINT       a golangci-lint to use instead of building the pinned one
#   VERSION             the version to stamp into the binary
#   NETKIT_PROBES       the platforms of engines that the plugin brings probes along for
#   TEST_FLAGS          further flags of go test

GO            ?= go
VERSION       ?= $(shell git describe --tags --exact-match 2>/dev/null)
PKG           := github.com/docker-netkit/docker-netkit
LDFLAGS       := -s -w -X $(PKG)/internal/buildinfo.version=$(VERSION)
CACHE         := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/docker-netkit
LINT_VERSION  := v2.15.0
GOLANGCI_LINT ?= $(CACHE)/golangci-lint-$(LINT_VERSION)/golangci-lint
PLATFORMS     := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
NETKIT_PROBES ?= linux/amd64 linux/arm64
ALL_PROBES    := linux/amd64 linux/arm64 linux/arm linux/ppc64le linux/s390x linux/riscv64
SHELL_SCRIPTS := $(wildcard install.sh .ci/run scripts/*)
REAL_TIMEOUT  ?= 25m

.DEFAULT_GOAL := help
.PHONY: help build probes test test-diagrams unit real race vet lint lint-go lint-shell fmt docs docs-check picture bench cross check clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

build: probes ## Build the plugin as bin/docker-netkit, with its probes
	CGO_ENABLED=0 $(GO) build -tags probes -overlay bin/probes/overlay.json -trimpath -ldflags '$(LDFLAGS)' -o bin/docker-netkit ./cmd/docker-netkit

probes: ## Build the probes that the plugin brings along
	scripts/probes bin/probes $(NETKIT_PROBES)

test: ## Run every test, on a private engine or on those of NETKIT_TEST_ENGINE
	scripts/test-tools
	scripts/diagram-tools scripts/private-engine $(GO) test $(TEST_FLAGS) -tags real,diagrams -timeout $(REAL_TIMEOUT) ./...

unit: ## Run the tests that need no engine
	$(GO) test $(TEST_FLAGS) ./...

real: ## Run only the tests that need an engine
	scripts/test-tools
	scripts/private-engine $(GO) test $(TEST_FLAGS) -tags real -timeout $(REAL_TIMEOUT) -count 1 ./test/real/...

test-diagrams: ## Check DOT with Graphviz, and Mermaid, SVG and the page in a browser
	scripts/diagram-tools $(GO) test $(TEST_FLAGS) -tags diagrams ./internal/render ./internal/page

race: ## Run the tests that need no engine under the race detector
	$(GO) test $(TEST_FLAGS) -race ./...

vet: ## Run go vet, over the tests behind build tags too
	$(GO) vet -tags real,diagrams ./...

lint: lint-go lint-shell ## Run every linter

lint-go: $(GOLANGCI_LINT)
	$(GOLANGCI_LINT) run

lint-shell:
	shellcheck $(SHELL_SCRIPTS)

fmt: $(GOLANGCI_LINT) ## Format the Go code
	$(GOLANGCI_LINT) fmt

$(CACHE)/golangci-lint-$(LINT_VERSION)/golangci-lint:
	GOBIN=$(@D) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

docs: ## Write docs/reference anew from the commands, and real output into the docs
	$(GO) run ./internal/tools/docs
	$(GO) run ./internal/tools/picture

docs-check: ## Fail where the docs do not match what the commands say
	$(GO) run ./internal/tools/docs -check
	$(GO) run ./internal/tools/picture -check

picture: ## Write real output into the docs: docs/graph.svg, docs/networks.svg, README.md
	$(GO) run ./internal/tools/picture

bench: ## Run the benchmarks that need no engine
	$(GO) test -run '^$$' -bench . -benchmem ./...

cross: ## Compile for every platform
	@for platform in $(PLATFORMS); do \
		echo "$$platform"; \
		GOOS=$${platform%/*} GOARCH=$${platform#*/} CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/docker-netkit || exit 1; \
	done
	@for platform in $(ALL_PROBES); do \
		echo "$$platform (probe)"; \
		GOOS=linux GOARCH=$${platform#*/} CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/netkit-probe || exit 1; \
	done

check: vet lint docs-check race cross test ## Everything a change must pass

clean: ## Remove what was built
	rm -rf bin dist
