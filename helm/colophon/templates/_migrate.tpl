{{/*
Migrations run before anything else of a release. Only where the database is part of the release itself can they not be
first: there the first installation runs them beside the other pods, which restart until the tables are there.
*/}}
{{- define "colophon.migrateHook" -}}
{{- $root := index . 0 -}}
{{- if not (and $root.Values.postgresql.enabled $root.Release.IsInstall) }}
annotations:
  helm.sh/hook: {{ ternary "pre-upgrade" "pre-install,pre-upgrade" $root.Values.postgresql.enabled }}
  helm.sh/hook-weight: {{ index . 1 | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
{{- end }}
