{{/* Restricted Pod Security, of the pod and of its container. */}}
{{- define "colophon.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "colophon.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* One environment variable out of a Secret. Takes (list root nameOfVariable keyInValues). */}}
{{- define "colophon.secretEnv" -}}
{{- $secret := index (index . 0).Values.secrets (index . 2) -}}
- name: {{ index . 1 }}
  valueFrom: { secretKeyRef: { name: {{ $secret.name }}, key: {{ $secret.key }} } }
{{- end }}

{{/* What every role but migrate reads. */}}
{{- define "colophon.foundationEnv" -}}
{{ include "colophon.secretEnv" (list . "APP_DATABASE_URL" "appDatabaseUrl") }}
{{ include "colophon.secretEnv" (list . "SYSTEM_DATABASE_URL" "systemDatabaseUrl") }}
{{ include "colophon.secretEnv" (list . "MASTER_KEY" "masterKey") }}
{{- if .Values.secrets.previousMasterKeys.name }}
{{ include "colophon.secretEnv" (list . "PREVIOUS_MASTER_KEYS" "previousMasterKeys") }}
{{- end }}
- name: CHAINS_FILE
  value: /etc/colophon/chains/chains.json
{{- end }}

{{/* Of migrate, too. */}}
{{- define "colophon.caEnv" -}}
{{- if .Values.caBundle.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/colophon/ca/ca.crt
{{- end }}
{{- end }}

{{- define "colophon.caMount" -}}
{{- if .Values.caBundle.configMap }}
- { name: ca, mountPath: /etc/colophon/ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "colophon.caVolume" -}}
{{- with .Values.caBundle }}
{{- if .configMap }}
- name: ca
  configMap: { name: {{ .configMap }}, items: [{ key: {{ .key }}, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end }}

{{- define "colophon.foundationMounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: chains, mountPath: /etc/colophon/chains, readOnly: true }
{{- include "colophon.caMount" . }}
{{- end }}

{{- define "colophon.foundationVolumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
- name: chains
{{- with .Values.chains.existingSecret }}
{{- if .name }}
  secret: { secretName: {{ .name }}, items: [{ key: {{ .key }}, path: chains.json }] }
{{- else }}
  configMap: { name: {{ include "colophon.fullname" $ }}-chains }
{{- end }}
{{- end }}
{{- include "colophon.caVolume" . }}
{{- end }}

{{/* What restarts pods when it changes: they read their settings once. */}}
{{- define "colophon.foundationChecksums" -}}
checksum/common: {{ include (print .Template.BasePath "/common-configmap.yaml") . | sha256sum }}
checksum/chains: {{ include (print .Template.BasePath "/chains-configmap.yaml") . | sha256sum }}
{{- with .Values.secretsRevision }}
colophon/secrets-revision: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Of a pod with a port named `health`. A start may take two minutes, as chains and database may be slow then. */}}
{{- define "colophon.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: {{ . }} }
  periodSeconds: 5
  # The route itself waits 2 s for the database.
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* Over zones and nodes, as far as there are any. Takes the labels by which the pods are found. */}}
{{- define "colophon.spread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    matchLabels:
      {{- $ | nindent 6 }}
{{- end }}
{{- end }}

{{/* What pods of our image have in common, above `containers`. */}}
{{- define "colophon.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "colophon.podSecurity" 1000 | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Where a pod may run. Takes settings with nodeSelector and tolerations. */}}
{{- define "colophon.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
