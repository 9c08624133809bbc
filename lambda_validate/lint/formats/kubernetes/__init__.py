"""Read Kubernetes manifests of ACK and Crossplane. `manifest` finds objects in a file and makes payloads of them."""
