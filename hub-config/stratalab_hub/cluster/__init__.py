"""Workspaces as pods of a Kubernetes cluster, in the namespace of the tenant that pays for them."""
