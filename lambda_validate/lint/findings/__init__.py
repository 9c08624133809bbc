"""From a resource to its findings: the checker, the rules of files, and the differences between editions."""
