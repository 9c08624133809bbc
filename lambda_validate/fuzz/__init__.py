"""`lambda-validate fuzz`: send generated requests to a live endpoint, and report what its answers show.

Input: a URL and an operation. Output: findings, such as "the server accepts a request with BatchSize 0", each with the
simplest request that shows it.

    command   parses arguments, and returns a `CommandResult`; only the progress is printed here
    engine    does a run, from its plan to its outcome
    target    resolves the URL, and checks whether it is this machine
    wire      turns a payload into an HTTP request, and into a curl command
    client    sends a request, and returns an answer or the reason why there is none, in bounded time
    sightings compares an answer with the expectation, and returns sightings of what is wrong
    session   sends, validates and counts
    trials    the deterministic cases, and the simplest payload of each event source
    corpus    sends the deterministic cases, in several threads
    drawn     sends examples of Hypothesis
    shrink    reduces a payload to the simplest one that shows the same
    findings  groups sightings of the same kind into one finding
    progress  shows how far a run is
    report    prints an outcome as text, JSON or JUnit XML

The payloads are generated. So, unlike everywhere else in this library, their values are shown: a finding without the
request that shows it would be useless.

Terms: a *trial* is a payload with its expectation. A *sighting* is one thing that an answer shows to be wrong. A
*finding* is a group of sightings with one cause. A *probe* is a request that is only sent to shrink a payload or to
test the server.
"""
