"""`lambda-validate fuzz`: send generated requests to a live endpoint, and report what its answers show.

Input: a URL and an operation. Output: findings, such as "the server accepts a request with BatchSize 0", each with the
simplest request that shows it.

    engine    does a run: takes its settings, and returns its outcome
    target    resolves the URL, and checks whether it is this machine
    wire      turns a payload into an HTTP request, and a request into a curl command
    client    sends a request, and returns an answer or the reason why there is none, in bounded time
    sightings compares an answer with the expected one, and returns what is wrong with it
    session   sends, validates and counts
    trials    makes the payloads to send from the generated cases, and finds the simplest payload of each event source
    corpus    sends the deterministic cases, in several threads
    drawn     sends random payloads, which Hypothesis draws
    shrink    reduces a payload to the simplest one that shows the same problem
    findings  groups sightings of the same kind into one finding
    report    prints an outcome as text, JSON or JUnit XML

`cli/fuzz.py` is the command. The payloads are generated, and contain no secrets. So, unlike everywhere else in this
library, their values are shown: a finding without the request that shows it would be useless.

Terms: a *trial* is a payload to send, with the expected outcome: accepted or rejected. A *sighting* is one thing that
is wrong with an answer. A *finding* is a group of sightings with one cause. A *probe* is a request that is only sent to
shrink a payload, or to find out whether the server still answers.
"""
