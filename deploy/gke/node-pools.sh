#!/usr/bin/env bash
# Makes a GKE cluster for sp-ray's default platform configuration. It costs money while it is there;
# pools grow from zero with what is asked for.
set -euo pipefail
: "${PROJECT:?the project}" "${ZONE:?a zone that has the GPUs, for example us-central1-a}"
cluster=${CLUSTER:-ray}

gcloud services enable containerfilesystem.googleapis.com --project "$PROJECT"
gcloud container clusters create "$cluster" --project "$PROJECT" --zone "$ZONE" \
  --release-channel regular --workload-pool "$PROJECT.svc.id.goog" \
  --image-type COS_CONTAINERD --enable-image-streaming \
  --machine-type e2-standard-4 --num-nodes 1

pool() {
  local name=$1 machine=$2
  shift 2
  gcloud container node-pools create "$name" --cluster "$cluster" --project "$PROJECT" --zone "$ZONE" \
    --machine-type "$machine" --image-type COS_CONTAINERD --enable-image-streaming \
    --enable-autoscaling --num-nodes 0 --min-nodes 0 --max-nodes "${MAX_NODES:-8}" "$@"
}

pool cpu n2-standard-16
pool t4 n1-standard-16 --accelerator type=nvidia-tesla-t4,count=1,gpu-driver-version=default
pool a100 a2-highgpu-1g --accelerator type=nvidia-tesla-a100,count=1,gpu-driver-version=default
pool t4-spot n1-standard-16 --accelerator type=nvidia-tesla-t4,count=1,gpu-driver-version=default \
  --spot --node-taints cloud.google.com/gke-spot=true:NoSchedule
