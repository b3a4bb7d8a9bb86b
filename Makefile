# sp-ray's front door: `make help` lists what it does.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Found anew for each target that needs it, so that `make help` works without a JDK.
java = "$$(build/find-jdk)/bin/java"
operator_jar := operator/target/sp-ray-operator-0.1.0-SNAPSHOT.jar

.PHONY: help
help: ## List the targets
	@echo "Targets:"
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  \1|\2/' | column -t -s '|'

.PHONY: demo
demo: ## From nothing to a Ray job on a real cluster; KUBECONFIG=... uses a cluster of yours
	@DEMO_KUBECONFIG='$(if $(filter command line,$(origin KUBECONFIG)),$(KUBECONFIG))' build/demo

.PHONY: demo-stop
demo-stop: ## End the demo's operator and testbed
	@DEMO_KUBECONFIG='$(if $(filter command line,$(origin KUBECONFIG)),$(KUBECONFIG))' build/demo-stop

.PHONY: test
test: ## All layers, each skipped with a word where it can't run
	@build/test unit api sim real

.PHONY: test-unit test-api test-sim test-real
test-unit: ## Pure tests, Java and Go
	@build/test unit
test-api: ## On a real etcd and kube-apiserver
	@build/test api
test-sim: ## With scheduler, controllers and simulated node pools
	@build/test sim
test-real: ## With real nodes and real Ray; needs root on Linux
	@build/test real

.PHONY: test-workspace
test-workspace: ## Notebook and VS Code on real nodes; the first time it builds code-server, which takes minutes
	@build/test workspace

.PHONY: tutorials-full
tutorials-full: ## All notebooks of examples/tutorials on real nodes; with PyTorch and TensorFlow, which take 40 GB of disk
	@build/test tutorials

.PHONY: test-faults
test-faults: ## The whole crash and fault suite; `make test` holds a sample of it
	@build/test faults

# The limits in bench/gates.yaml are for this load.
gates := --clusters 100 --scenario create,scale,restart --operator sp-ray,floor

.PHONY: bench bench-check
bench: ## Measure the operator and the floor on simulated nodes; ARGS=... goes to `bench/bench run`
	@build/mvn -q package -Dmaven.test.skip=true -pl api,operator -am
	@mkdir -p target
	@bench/bench run --json target/bench.json $(ARGS)
bench-check: ## Measure 100 clusters and compare with the limits in bench/gates.yaml
	@$(MAKE) --no-print-directory bench ARGS='$(gates)'
	@bench/bench check target/bench.json

.PHONY: bench-cli
bench-cli: ## Measure how long sp-ray takes to start and to list, beside kubectl
	@bench/cli

.PHONY: build
build: ## Build and check everything, run no test
	@build/mvn -q package -DskipTests

.PHONY: cli
cli: ## Build sp-ray, the command line; then cli/bin/sp-ray runs it
	@build/mvn -q package -Dmaven.test.skip=true -pl api,cli -am
	@cli/assemble

.PHONY: cli-tarball
cli-tarball: cli ## Pack sp-ray with a runtime of its own, for machines without a JDK
	@cli/tarball

.PHONY: cli-wheel
cli-wheel: cli ## Pack sp-ray as a Python wheel, whose Java runtime is a dependency
	@cli/wheel

.PHONY: run
run: ## Run the operator from the work tree against $KUBECONFIG, pid in target/operator.pid
	@build/mvn -q package -Dmaven.test.skip=true -pl api,operator -am
	@mkdir -p target
	@LOG_FORMAT="$${LOG_FORMAT:-text}" exec $(java) -XX:+UseCompactObjectHeaders -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
	  -jar $(operator_jar) --pid-file=target/operator.pid $(ARGS)

.PHONY: crds
crds: ## Write crds/ anew after a change of the types
	@build/mvn -q test -pl api,operator,e2e -Dlayer=api -Dtest=CrdTest -Dsurefire.failIfNoSpecifiedTests=false -Dcrds.write=true
	@cp crds/*.yaml helm/sp-ray-operator/files/crds/
	@deploy/kustomize/render

.PHONY: format
format: ## Format the sources
	@build/mvn -q spotless:apply
	@gofmt -w $$(git ls-files '*.go')

.PHONY: image
image: ## Build the operator's image without a Docker engine
	@build/mvn -q package -Dmaven.test.skip=true -pl api,operator -am
	@deploy/images/operator/build

.PHONY: workspace-image
workspace-image: ## Build the image with the tools of workspaces without a Docker engine; PYTHONS="3.12" for one Python
	@deploy/images/workspace/build

.PHONY: clean
clean: ## Delete what was built here
	@build/mvn -q clean
	@rm -rf target
