{{- /* Environment of the pods by what they are: hub (the included one starts everything), service, gateway. */ -}}
{{- define "stratalab.environment" -}}
{{- $root := .root }}
{{- $values := .root.Values }}
{{- $kind := .workload.kind }}
- name: HOME
  value: /tmp
- name: STRATALAB_LOG_LEVEL
  value: {{ $values.logLevel }}
- name: STRATALAB_METRICS_HOST
  value: 0.0.0.0
- name: STRATALAB_SHUTDOWN_SECONDS
  value: {{ $values.drainSeconds | quote }}
{{- if ne $kind "hub" }}
- name: STRATALAB_METRICS_PORT
  value: '8004'
- name: JUPYTERHUB_SERVICE_PREFIX
  value: {{ printf "%sservices/stratalab/" $values.hub.basePath | quote }}
- name: JUPYTERHUB_SERVICE_URL
  value: http://0.0.0.0:8003
{{- end }}
{{- if eq $values.services.layout "apart" }}
- name: STRATALAB_SERVICE_URLS
  value: {{ include "stratalab.serviceUrls" $root | quote }}
{{- end }}
{{- if ne $kind "gateway" }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $values.database.secretName }}
      key: {{ $values.database.secretKey }}
- name: STRATALAB_DATA
  value: {{ $values.data.mountPath | quote }}
- name: STRATALAB_ORIGIN
  value: {{ $values.origin | quote }}
- name: STRATALAB_ADMIN
  value: {{ $values.administrator | quote }}
{{- include "stratalab.bucketEnvironment" $root }}
{{- include "stratalab.jobsEnvironment" $root }}
{{- end }}
{{- if eq $kind "service" }}
- name: STRATALAB_SECRETS
  value: /etc/stratalab/secrets
- name: STRATALAB_SERVICES
  value: {{ .workload.services | quote }}
- name: JUPYTERHUB_API_URL
  value: {{ $values.hub.apiUrl | quote }}
- name: JUPYTERHUB_BASE_URL
  value: {{ $values.hub.basePath | quote }}
- name: JUPYTERHUB_API_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ $values.credentials.secretName }}
      key: hub-service-token
{{- end }}
{{- if eq $kind "hub" }}
- name: STRATALAB_PORT
  value: '8000'
- name: STRATALAB_LISTEN
  value: 0.0.0.0
- name: STRATALAB_SPAWNER
  value: kubernetes
- name: STRATALAB_WORKSPACE_IMAGE
  value: {{ $values.workspaces.image | quote }}
- name: STRATALAB_WORKSPACE_ORIGIN
  value: http://{{ include "stratalab.name" $root }}.{{ $root.Release.Namespace }}.svc:8000
- name: STRATALAB_WORKSPACE_USER_ID
  value: {{ $values.userId | quote }}
- name: STRATALAB_WORKSPACE_GROUP_ID
  value: {{ $values.groupId | quote }}
- name: STRATALAB_IDLE_SECONDS
  value: {{ $values.workspaces.idleSeconds | quote }}
{{- with $values.workspaces.pod }}
- name: STRATALAB_WORKSPACE_POD
  value: {{ toJson . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "stratalab.bucketEnvironment" }}
{{- with .Values.objectStore }}
{{- if .bucket }}
- name: STRATALAB_S3_BUCKET
  value: {{ .bucket | quote }}
- name: STRATALAB_S3_ENDPOINT
  value: {{ .endpoint | quote }}
- name: STRATALAB_S3_REGION
  value: {{ .region | quote }}
- name: STRATALAB_S3_PREFIX
  value: {{ .prefix | quote }}
- name: STRATALAB_S3_PATH_STYLE
  value: {{ .pathStyle | quote }}
{{- if .secretName }}
- name: STRATALAB_S3_CREDENTIALS
  value: /etc/stratalab/bucket
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "stratalab.jobsEnvironment" }}
- name: STRATALAB_JOB_RUNTIME
  value: {{ .Values.jobs.runtime }}
{{- if eq .Values.jobs.runtime "kubernetes" }}
- name: STRATALAB_JOB_IMAGE
  value: {{ .Values.jobs.image | quote }}
- name: STRATALAB_JOB_ORIGIN
  value: http://{{ include "stratalab.name" . }}.{{ .Release.Namespace }}.svc:{{ include "stratalab.port" . }}
- name: STRATALAB_JOB_USER_ID
  value: {{ .Values.userId | quote }}
- name: STRATALAB_JOB_GROUP_ID
  value: {{ .Values.groupId | quote }}
- name: STRATALAB_CLUSTER_NAMESPACE_PREFIX
  value: {{ .Values.jobs.namespacePrefix | quote }}
- name: STRATALAB_CLUSTER_PARENT_QUEUE
  value: {{ .Values.jobs.parentQueue | quote }}
- name: STRATALAB_CLUSTER_GPU_RESOURCE
  value: {{ .Values.jobs.gpuResource | quote }}
- name: STRATALAB_CLUSTER_NAMESPACE
  value: {{ .Release.Namespace }}
{{- with .Values.hub.account }}
- name: STRATALAB_CLUSTER_HUB_ACCOUNT
  value: {{ . | quote }}
{{- end }}
{{- with .Values.jobs.gpuSlices }}
- name: STRATALAB_CLUSTER_GPU_SLICES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.jobs.gpuKinds }}
- name: STRATALAB_CLUSTER_GPU_KINDS
  value: {{ toJson . | quote }}
{{- end }}
{{- if .Values.jobs.reclaim }}
- name: STRATALAB_CLUSTER_RECLAIM
  value: 'true'
{{- end }}
{{- with .Values.rbac.sharedSecrets }}
- name: STRATALAB_CLUSTER_SHARED_SECRETS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.jobs.volume }}
- name: STRATALAB_CLUSTER_VOLUME
  value: {{ toJson . | quote }}
{{- end }}
{{- with .Values.workspaces.volume }}
- name: STRATALAB_CLUSTER_HOME_VOLUME
  value: {{ toJson . | quote }}
{{- end }}
{{- if .Values.ray.enabled }}
- name: STRATALAB_RAY_IMAGE
  value: {{ .Values.ray.image | quote }}
- name: STRATALAB_RAY_VERSION
  value: {{ .Values.ray.version | quote }}
{{- end }}
{{- with .Values.jobs.pod }}
- name: STRATALAB_JOB_POD
  value: {{ toJson . | quote }}
{{- end }}
{{- end }}
{{- end }}
