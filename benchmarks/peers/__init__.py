"""Compare every peer with this package: the same payloads, and the same rules if a peer can express them, in one run.

`payloads` generates batches. `forms`, `models` and `tools` express the rules as an expert in each peer would. `engines`
defines the calls. `workloads` and `processes` measure. `corpora` counts what an engine does not enforce. `targets`,
`table` and `plots` report. `benchmarks/compare.py` is the command.
"""
