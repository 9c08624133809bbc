"""Every peer beside this package: the same payloads, the same rules as far as a peer can say them, in one run.

`payloads` makes batches; `forms`, `models` and `tools` say the rules as an expert in each peer would; `engines` puts
calls beside them; `workloads` and `processes` measure; `corpora` counts what an engine does not enforce; `targets`,
`table` and `plots` tell. `benchmarks/compare.py` is the command.
"""
