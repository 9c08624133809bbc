"""Kubernetes manifests: ACK and Crossplane. `manifest` finds the objects in a document, and makes payloads of them."""
