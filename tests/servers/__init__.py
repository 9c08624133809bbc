"""Define servers for fuzzing tests on free loopback ports: a correct one, broken ones, and bad ones."""
