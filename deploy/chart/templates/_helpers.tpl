{{- define "stratalab.name" -}}
{{- if contains "stratalab" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-stratalab" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "stratalab.selector" -}}
app.kubernetes.io/name: stratalab
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "stratalab.labels" -}}
{{ include "stratalab.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: stratalab
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "stratalab.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "stratalab.claim" -}}
{{ .Values.data.existingClaim | default (printf "%s-data" (include "stratalab.name" .)) }}
{{- end }}
