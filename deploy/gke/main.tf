# A GKE cluster for sp-ray's default platform configuration: the same as node-pools.sh.
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}

variable "project" { type = string }
variable "zone" { type = string }
variable "max_nodes" {
  type    = number
  default = 8
}

provider "google" {
  project = var.project
  zone    = var.zone
}

locals {
  pools = {
    cpu     = { machine = "n2-standard-16", gpu = null, spot = false }
    t4      = { machine = "n1-standard-16", gpu = "nvidia-tesla-t4", spot = false }
    a100    = { machine = "a2-highgpu-1g", gpu = "nvidia-tesla-a100", spot = false }
    t4-spot = { machine = "n1-standard-16", gpu = "nvidia-tesla-t4", spot = true }
  }
}

resource "google_project_service" "image_streaming" {
  service = "containerfilesystem.googleapis.com"
}

resource "google_container_cluster" "ray" {
  name               = "ray"
  location           = var.zone
  initial_node_count = 1
  node_config {
    machine_type = "e2-standard-4"
    image_type   = "COS_CONTAINERD"
    gcfs_config { enabled = true }
  }
  workload_identity_config {
    workload_pool = "${var.project}.svc.id.goog"
  }
  depends_on = [google_project_service.image_streaming]
}

resource "google_container_node_pool" "ray" {
  for_each           = local.pools
  name               = each.key
  cluster            = google_container_cluster.ray.id
  initial_node_count = 0
  autoscaling {
    min_node_count = 0
    max_node_count = var.max_nodes
  }
  node_config {
    machine_type = each.value.machine
    image_type   = "COS_CONTAINERD"
    spot         = each.value.spot
    gcfs_config { enabled = true }
    dynamic "guest_accelerator" {
      for_each = each.value.gpu == null ? [] : [each.value.gpu]
      content {
        type  = guest_accelerator.value
        count = 1
        gpu_driver_installation_config { gpu_driver_version = "DEFAULT" }
      }
    }
    dynamic "taint" {
      for_each = each.value.spot ? [1] : []
      content {
        key    = "cloud.google.com/gke-spot"
        value  = "true"
        effect = "NO_SCHEDULE"
      }
    }
  }
}
