"""`lambda-validate fuzz`: generated requests against a live endpoint, and what its answers show.

    command   arguments become a `Result`; nothing here prints but the progress
    engine    a run from its plan to its outcome
    target    the URL: what it resolves to, and whether that is this machine
    wire      a payload becomes an HTTP request, and a curl line
    client    a request becomes an answer, or a reason why there is none, in bounded time
    judge     an answer becomes sightings: what it shows to be wrong
    session   sends, validates and counts
    trials    the deterministic cases, and the plainest of each source
    corpus    sends them, by several threads
    drawn     sends Hypothesis's examples
    shrink    a payload becomes the simplest that still shows the same
    findings  sightings of one kind, counted as one finding
    progress  how far a run is
    report    an outcome becomes text, JSON or JUnit XML

The payloads are generated, so unlike everywhere else in this library their values are shown: a finding is of no use
without the request that shows it.
"""
