{{- /* One pod: what runs in it, how its life and readiness are asked for, and what it sees. */ -}}
{{- define "stratalab.pod" -}}
{{- $root := .root }}
{{- $values := .root.Values }}
{{- $workload := .workload }}
{{- $kind := $workload.kind }}
{{- $hasBucketKeys := and (ne $kind "gateway") $values.objectStore.bucket $values.objectStore.secretName }}
serviceAccountName: {{ include "stratalab.name" $root }}
# Only who speaks to the API of the cluster gets a token for it.
automountServiceAccountToken: {{ and (ne $kind "gateway") (or (eq $values.jobs.runtime "kubernetes") (eq $kind "hub")) }}
enableServiceLinks: false
# The wait of preStop, open requests, the end of background work, and of the Hub.
terminationGracePeriodSeconds: {{ add $values.drainSeconds (ternary 45 20 (eq $kind "hub")) }}
{{- include "stratalab.pullSecrets" $root }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if not $workload.alone }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "stratalab.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $workload.name }}
{{- end }}
securityContext: {{- include "stratalab.podSecurity" $root | nindent 2 }}
containers:
  - name: {{ $workload.name }}
    image: {{ include "stratalab.image" $root }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    {{- if eq $kind "hub" }}
    args: [services/platform/src/cli.ts, start]
    {{- else if eq $kind "gateway" }}
    args: [services/platform/src/gateway/main.ts]
    {{- else }}
    args: [services/platform/src/main.ts]
    {{- end }}
    securityContext: {{- include "stratalab.containerSecurity" $root | nindent 6 }}
    ports:
      - name: http
        containerPort: {{ include "stratalab.port" $root }}
      - name: metrics
        containerPort: 8004
    env: {{- include "stratalab.environment" . | nindent 6 }}
    {{- if and (eq $kind "hub") $values.hub.environmentSecret }}
    envFrom:
      - secretRef:
          name: {{ $values.hub.environmentSecret }}
    {{- end }}
    # A start may apply migrations: it has five minutes. Then, alive = the process answers; ready = what it needs does, too.
    startupProbe:
      httpGet: { path: /livez, port: metrics }
      periodSeconds: 2
      failureThreshold: 150
    livenessProbe:
      httpGet: { path: /livez, port: metrics }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: {{ ternary 12 6 (eq $kind "hub") }}
    readinessProbe:
      {{- if eq $kind "hub" }}
      httpGet: { path: /hub/health, port: http }
      {{- else }}
      httpGet: { path: /readyz, port: metrics }
      {{- end }}
      periodSeconds: 5
      timeoutSeconds: 5
    lifecycle:
      # Proxies learn of the end before it begins.
      preStop:
        sleep:
          seconds: 5
    resources: {{- toYaml (ternary $values.gateway.resources $values.resources (eq $kind "gateway")) | nindent 6 }}
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- if ne $kind "gateway" }}
      - name: data
        mountPath: {{ $values.data.mountPath }}
      {{- end }}
      {{- if eq $kind "service" }}
      - name: credentials
        mountPath: /etc/stratalab/secrets
        readOnly: true
      {{- end }}
      {{- if $hasBucketKeys }}
      - name: bucket
        mountPath: /etc/stratalab/bucket
        readOnly: true
      {{- end }}
      {{- if eq $kind "hub" }}
      - name: hub-state
        mountPath: {{ $values.data.mountPath }}/hub
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- if ne $kind "gateway" }}
  - name: data
    persistentVolumeClaim:
      claimName: {{ include "stratalab.claim" $root }}
  {{- end }}
  {{- if eq $kind "service" }}
  - name: credentials
    secret:
      secretName: {{ $values.credentials.secretName }}
      defaultMode: 0440
  {{- end }}
  {{- if $hasBucketKeys }}
  - name: bucket
    secret:
      secretName: {{ $values.objectStore.secretName }}
      defaultMode: 0440
  {{- end }}
  {{- if eq $kind "hub" }}
  - name: hub-state
    persistentVolumeClaim:
      claimName: {{ include "stratalab.stateClaim" $root }}
  {{- end }}
{{- end }}
