# docker buildx bake -f images/docker-bake.hcl       The one place for names, versions and digests of what images are made from.

variable "REGISTRY" {
  default = "registry.example/stratalab"
}

variable "VERSION" {
  default = "0.1.0"
}

# For a build that can be repeated to the byte: docker.io/library/debian:12.12-slim@sha256:…
variable "DEBIAN" {
  default = "docker.io/library/debian:12.12-slim"
}

group "default" {
  targets = ["platform", "notebook-cpu", "notebook-gpu", "job"]
}

target "platform" {
  context = "."
  dockerfile = "images/platform/Dockerfile"
  args = { DEBIAN = DEBIAN }
  tags = ["${REGISTRY}/platform:${VERSION}"]
}

target "notebook-cpu" {
  context = "."
  dockerfile = "images/notebook-cpu/Dockerfile"
  args = { DEBIAN = DEBIAN }
  contexts = { platform = "target:platform" }
  tags = ["${REGISTRY}/notebook-cpu:${VERSION}"]
}

target "notebook-gpu" {
  context = "."
  dockerfile = "images/notebook-gpu/Dockerfile"
  contexts = { notebook = "target:notebook-cpu" }
  tags = ["${REGISTRY}/notebook-gpu:${VERSION}"]
}

target "job" {
  context = "."
  dockerfile = "images/job/Dockerfile"
  args = { DEBIAN = DEBIAN }
  tags = ["${REGISTRY}/job:${VERSION}"]
}
