{{/*
What the schema cannot say: how values fit together. Each message names what to set.
*/}}
{{- define "colophon.checks" -}}
{{- $v := .Values -}}
{{- range $key, $secret := $v.secrets -}}
{{- if not (or $secret.name (has $key (list "previousMasterKeys" "exportKey"))) -}}
{{- fail (printf "secrets.%s.name is empty. Make a Secret with the key %s and put its name there; docs/operations.md lists what each must hold." $key $secret.key) -}}
{{- end -}}
{{- end -}}
{{- if and $v.chains.table $v.chains.existingSecret.name -}}
{{- fail "chains.table and chains.existingSecret.name are both set. Keep the one that holds the chain table and empty the other." -}}
{{- end -}}
{{- if not (or $v.chains.table $v.chains.existingSecret.name) -}}
{{- fail "There is no chain table. Put it into a Secret and its name into chains.existingSecret.name, or write it into chains.table." -}}
{{- end -}}
{{- if not (or $v.config.consoleOrigin (and $v.ingress.enabled $v.ingress.host)) -}}
{{- fail "config.consoleOrigin is empty. Set the origin of the page where people sign in, e.g. https://console.example." -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.host) -}}
{{- fail "ingress.enabled needs ingress.host: set the API's host name." -}}
{{- end -}}
{{- if and $v.ingress.tls.clusterIssuer $v.ingress.tls.issuer -}}
{{- fail "ingress.tls names a clusterIssuer and an issuer. Keep one of them." -}}
{{- end -}}
{{- if gt (int $v.api.autoscaling.minReplicas) (int $v.api.autoscaling.maxReplicas) -}}
{{- fail "api.autoscaling.minReplicas is above maxReplicas. Lower the one or raise the other." -}}
{{- end -}}
{{- if ge (int $v.api.preStopSeconds) (int $v.api.terminationGracePeriodSeconds) -}}
{{- fail "api.preStopSeconds leaves nothing of api.terminationGracePeriodSeconds to answer requests in. Raise the latter." -}}
{{- end -}}
{{- range $name, $settings := include "colophon.pools" . | fromJson -}}
{{- $pool := include "colophon.pool" (list $ $settings) | fromJson -}}
{{- if gt (int $pool.minReplicas) (int $pool.maxReplicas) -}}
{{- fail (printf "workers.pools.%s: minReplicas %d is above maxReplicas %d. Lower the one or raise the other." $name (int $pool.minReplicas) (int $pool.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- include "colophon.checkFollowers" . -}}
{{- if and $v.networkPolicy.enabled (not $v.postgresql.enabled) (not $v.networkPolicy.postgresql.to) -}}
{{- fail "networkPolicy.postgresql.to is empty, so that no pod could reach PostgreSQL. Say where it is, e.g. [{ ipBlock: { cidr: 10.1.2.0/28 } }]." -}}
{{- end -}}
{{- if and $v.networkPolicy.enabled (not $v.redis.enabled) (not $v.networkPolicy.redis.to) -}}
{{- fail "networkPolicy.redis.to is empty, so that no pod could reach Redis. Say where it is, e.g. [{ ipBlock: { cidr: 10.1.2.16/28 } }]." -}}
{{- end -}}
{{- if and $v.postgresql.enabled (not $v.postgresql.password.name) -}}
{{- fail "postgresql.enabled needs postgresql.password.name: a Secret with the owner's password." -}}
{{- end -}}
{{- if and $v.backup.enabled (not $v.postgresql.enabled) (not $v.backup.databaseUrl.name) -}}
{{- fail "backup.enabled needs backup.databaseUrl.name with an external PostgreSQL: a Secret with its URL as a role with REPLICATION. A managed one makes its own backups: leave backup.enabled false there." -}}
{{- end -}}
{{- if and $v.redis.enabled (not $v.redis.password.name) -}}
{{- fail "redis.enabled needs redis.password.name: a Secret with its password." -}}
{{- end -}}
{{- end }}

{{/* A chain that nobody follows looks like a chain on which nothing happens. */}}
{{- define "colophon.checkFollowers" -}}
{{- $listed := list -}}
{{- $all := false -}}
{{- range include "colophon.followerGroups" . | fromJson -}}
{{- if .chains -}}{{- $listed = concat $listed .chains -}}{{- else -}}{{- $all = true -}}{{- end -}}
{{- end -}}
{{- if and .Values.chains.table (not $all) -}}
{{- range .Values.chains.table -}}
{{- if not (has .chainId $listed) -}}
{{- fail (printf "No group in followers.groups follows %s. Add it to a group's chains, or leave one group's chains empty." .chainId) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if .Values.chains.table -}}
{{- $known := list -}}
{{- range .Values.chains.table -}}{{- $known = append $known .chainId -}}{{- end -}}
{{- range $listed -}}
{{- if not (has . $known) -}}
{{- fail (printf "followers.groups follows %s, which is not in chains.table. Add it there or take it from the group." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
