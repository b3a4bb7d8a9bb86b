{{- define "sp-ray-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of everything that the release makes: the release's own name where that says it all. */}}
{{- define "sp-ray-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "sp-ray-operator.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "sp-ray-operator.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What a selector may use: never changes between versions of the chart. */}}
{{- define "sp-ray-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sp-ray-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sp-ray-operator.labels" -}}
{{ include "sp-ray-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: sp-ray
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "sp-ray-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sp-ray-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The Service by which pods reach the operator to have their certificates signed. */}}
{{- define "sp-ray-operator.certificates" -}}
{{- printf "%s-certificates" (include "sp-ray-operator.fullname" . | trunc 50 | trimSuffix "-") }}
{{- end }}

{{/* The operator's configuration file. */}}
{{- define "sp-ray-operator.configuration" -}}
apiVersion: config.ray.io/v1alpha1
kind: Configuration
{{- range $name, $value := omit .Values.configuration "enabled" }}
{{- with $value }}
{{ dict $name . | toYaml }}
{{- end }}
{{- end }}
{{- end }}

{{/* The API group of the batch scheduler's PodGroups; empty where it has none. */}}
{{- define "sp-ray-operator.podGroups" -}}
{{- $batch := .Values.batchScheduler }}
{{- if or $batch.enabled (eq $batch.name "volcano") -}}
scheduling.volcano.sh
{{- else if eq $batch.name "scheduler-plugins" -}}
scheduling.x-k8s.io
{{- end }}
{{- end }}

{{/* All that the operator does in the namespaces that it takes care of, call by call. */}}
{{- define "sp-ray-operator.rules" -}}
# Patch completes a short spec, suspends a cluster whose time is over, puts a finalizer on one that has state
# in Redis, and takes it off again, as that which Ray's autoscaler puts on a cluster that nobody uses. Delete
# is for one whose time is over. Get tells whether one is still there, before what it has lost is made again.
# And nobody can grant what he doesn't have: both are also for a cluster's
# autoscaler, which gets them for that cluster only; so are patch of pods and of their size.
- apiGroups: [ray.io]
  resources: [rayclusters]
  verbs: [get, list, watch, patch, delete]
- apiGroups: [ray.io]
  resources: [rayclusters/status]
  verbs: [patch]
# An owner reference that blocks the owner's deletion needs this where the admission plugin
# OwnerReferencesPermissionEnforcement is on.
- apiGroups: [ray.io]
  resources: [rayclusters/finalizers]
  verbs: [update]
# The operator itself makes and deletes pods, and never changes one.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods/resize]
  verbs: [patch]
# Server-side apply needs create when there is none yet, and patch always.
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
# Tokens and certificate authorities of clusters: made with their clusters, and read one by one, as a
# cluster names them.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# The volumes with the state of a GCS and with the files of a workspace: never deleted by the operator.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch]
# What removes the state of a deleted cluster from Redis.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create]
{{- with include "sp-ray-operator.podGroups" . }}
- apiGroups: [{{ . }}]
  resources: [podgroups]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}
