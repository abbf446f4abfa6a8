{{/* The claim that base backups and the archived log are on. */}}
{{- define "colophon.backupClaim" -}}
{{- default (printf "%s-backup" (include "colophon.fullname" .)) .Values.backup.existingClaim -}}
{{- end }}

{{- define "colophon.backupMounts" -}}
- { name: backup, mountPath: /backup }
- { name: backup-scripts, mountPath: /etc/colophon/backup, readOnly: true }
{{- end }}

{{- define "colophon.backupVolumes" -}}
- name: backup
  persistentVolumeClaim: { claimName: {{ include "colophon.backupClaim" . }} }
- name: backup-scripts
  configMap: { name: {{ include "colophon.fullname" . }}-backup }
{{- end }}

{{/* What pods that read and write backups have in common, above `containers`. */}}
{{- define "colophon.backupPodBasics" -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
serviceAccountName: {{ include "colophon.fullname" . }}-backup
securityContext:
  {{- include "colophon.podSecurity" 999 | nindent 2 }}
  fsGroupChangePolicy: OnRootMismatch
{{- include "colophon.placement" .Values.backup }}
{{- end }}
