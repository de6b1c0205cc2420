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

{{- /* Public port of the included Hub, else the port of the platform or its gateway. */ -}}
{{- define "stratalab.port" -}}
{{- if .Values.hub.included }}8000{{ else }}8003{{ end }}
{{- end }}

{{- define "stratalab.stateClaim" -}}
{{ .Values.hub.state.existingClaim | default (printf "%s-hub" (include "stratalab.name" .)) }}
{{- end }}

{{- /* What runs: one pod with everything, or one workload per service and a gateway before them. `alone`: never two pods at once. */ -}}
{{- define "stratalab.workloads" -}}
workloads:
{{- if eq .Values.services.layout "together" }}
  - name: platform
    kind: {{ if .Values.hub.included }}hub{{ else }}service{{ end }}
    services: ''
    replicas: 1
    alone: true
{{- else }}
{{- $local := eq .Values.jobs.runtime "local" }}
{{- $replicas := .Values.services.replicas }}
{{- range $name := list "control" "catalog" "compute" "pipelines" "models" "serving" "agents" }}
{{- $alone := or (eq $name "serving") (and $local (eq $name "compute")) }}
  - name: {{ $name }}
    kind: service
    services: {{ $name }}
    replicas: {{ if $alone }}1{{ else }}{{ $replicas }}{{ end }}
    alone: {{ $alone }}
{{- end }}
  - name: gateway
    kind: gateway
    services: ''
    replicas: {{ .Values.gateway.replicas }}
    alone: false
{{- end }}
{{- end }}

{{- /* Name of the workload that the Service of the release leads to. */ -}}
{{- define "stratalab.front" -}}
{{- if eq .Values.services.layout "together" }}platform{{ else }}gateway{{ end }}
{{- end }}

{{- define "stratalab.serviceUrls" -}}
{{- $name := include "stratalab.name" . -}}
{{- $urls := list -}}
{{- range $service := list "control" "catalog" "compute" "pipelines" "models" "serving" "agents" -}}
{{- $urls = append $urls (printf "%s=http://%s-%s:8003" $service $name $service) -}}
{{- end -}}
{{ join "," $urls }}
{{- end }}

{{- /* What cannot work is refused before anything is made. */ -}}
{{- define "stratalab.check" -}}
{{- if and .Values.hub.included (eq .Values.services.layout "apart") }}{{ fail "services.layout=apart needs a Hub of your own: set hub.included=false and hub.apiUrl." }}{{ end }}
{{- if and (eq .Values.jobs.runtime "kubernetes") (not .Values.jobs.image) }}{{ fail "jobs.runtime=kubernetes needs jobs.image: the image job pods run, best by digest." }}{{ end }}
{{- if and .Values.ray.enabled (not .Values.ray.image) }}{{ fail "ray.enabled needs ray.image: an image with Ray and Python, best by digest." }}{{ end }}
{{- if and .Values.ray.enabled (ne .Values.jobs.runtime "kubernetes") }}{{ fail "ray.enabled needs jobs.runtime=kubernetes: KubeRay makes the clusters." }}{{ end }}
{{- if and .Values.hub.included (not .Values.workspaces.image) }}{{ fail "The included Hub needs workspaces.image: the image of workspaces, best by digest." }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.hub.included) }}{{ fail "The Ingress leads to the included Hub; with a Hub of your own, people come through that." }}{{ end }}
{{- end }}

{{- define "stratalab.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.userId }}
runAsGroup: {{ .Values.groupId }}
fsGroup: {{ .Values.groupId }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "stratalab.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "stratalab.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
