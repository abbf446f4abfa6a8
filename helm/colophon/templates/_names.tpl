{{/* Prefix of every object's name. */}}
{{- define "colophon.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Labels by which pods are found; they never change. Takes (list root component). */}}
{{- define "colophon.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: colophon
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of an object. Takes (list root component). */}}
{{- define "colophon.labels" -}}
{{- $root := index . 0 -}}
{{ include "colophon.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "colophon.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{ end -}}
{{- end -}}
{{- end }}

{{/* What a pool is made of: what it says, above what all pools are. Takes (list root poolSettings); gives JSON. */}}
{{- define "colophon.pool" -}}
{{- $workers := (index . 0).Values.workers -}}
{{- $common := dict "replicas" $workers.replicas "minReplicas" $workers.autoscaling.minReplicas "maxReplicas" $workers.autoscaling.maxReplicas "resources" $workers.resources "nodeSelector" $workers.nodeSelector "tolerations" $workers.tolerations -}}
{{- mergeOverwrite (deepCopy $common) (index . 1 | default dict) | toJson -}}
{{- end }}

{{/* Every pool with what it says; `shared` is always there. Gives JSON. */}}
{{- define "colophon.pools" -}}
{{- merge (dict) .Values.workers.pools (dict "shared" (dict)) | toJson -}}
{{- end }}

{{/* Every group of followers; one of them all if none is named. Gives JSON. */}}
{{- define "colophon.followerGroups" -}}
{{- default (dict "all" (dict "chains" (list))) .Values.followers.groups | toJson -}}
{{- end }}
