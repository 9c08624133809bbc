"""Kubernetes manifests: ACK and Crossplane."""
