{{/* Rules of NetworkPolicies for what goes out. */}}
{{- define "colophon.toDns" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{- define "colophon.toPostgresql" -}}
- to:
    {{- if .Values.postgresql.enabled }}
    - podSelector:
        matchLabels:
          {{- include "colophon.selectorLabels" (list . "postgresql") | nindent 10 }}
  ports: [{ port: 5432, protocol: TCP }]
    {{- else }}
    {{- toYaml .Values.networkPolicy.postgresql.to | nindent 4 }}
  ports: [{ port: {{ .Values.networkPolicy.postgresql.port }}, protocol: TCP }]
    {{- end }}
{{- end }}

{{- define "colophon.toRedis" -}}
- to:
    {{- if .Values.redis.enabled }}
    - podSelector:
        matchLabels:
          {{- include "colophon.selectorLabels" (list . "redis") | nindent 10 }}
  ports: [{ port: 6379, protocol: TCP }]
    {{- else }}
    {{- toYaml .Values.networkPolicy.redis.to | nindent 4 }}
  ports: [{ port: {{ .Values.networkPolicy.redis.port }}, protocol: TCP }]
    {{- end }}
{{- end }}

{{/* Takes `networkPolicy.chains` or `networkPolicy.web`. */}}
{{- define "colophon.toOutside" -}}
- to:
    {{- toYaml .to | nindent 4 }}
  ports:
    {{- range .ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}

{{/* Who scrapes metrics may come in; nothing if nobody does. */}}
{{- define "colophon.fromScrapers" -}}
{{- if and .Values.metrics.podMonitor.enabled .Values.networkPolicy.scrapers -}}
- from:
    {{- toYaml .Values.networkPolicy.scrapers | nindent 4 }}
  ports: [{ port: metrics, protocol: TCP }]
{{- end }}
{{- end }}

{{/* Peers: our own pods of these components. Takes (list root component…). */}}
{{- define "colophon.ownPods" -}}
{{- $root := first . -}}
{{- range rest . }}
- podSelector:
    matchLabels:
      {{- include "colophon.selectorLabels" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}
