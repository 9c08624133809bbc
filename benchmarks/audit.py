"""Measure audits: processor time compared with plain decoding and with the same pipeline on `json`, growth, and memory.

    python benchmarks/audit.py [--records N] [--json FILE] [--spark]

Each measurement reads logs of N generated records, 200,000 by default, in one process. "Bare decoding" only expands and
decodes the same files into typed records. "With json" is the same audit with `json` as the decoder. Times are the user
and system seconds of a process, minus those of a process that only starts. The exit status is 1 if a limit of `LIMITS`
is exceeded. With `--spark`, Spark and local processes each read 10,000 tiny files.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lambda_validate.audit import generating  # noqa: E402  # this checkout, not an installed version

LIMITS = {
    "audit / json": 0.45, "audit / decoding": 3.0, "audit / decoding, a tenth of Lambda": 3.0,
    "time x4 / 4": 1.25, "memory x4 - memory": 30.0, "memory": 200.0,
    "tiny files on Spark / local": 3.0,
}  # fmt: skip
"""The maximum of each figure. Memory is in MB."""
SPARK = "tiny files on Spark / local"
TINY_FILES, TINY_RECORDS = 10_000, 10

SHARED = """
import sys; sys.path.insert(0, {root!r}); folder, *_ = sys.argv[1:]
from lambda_validate.audit import batches, checking, inputs, reading, records
from lambda_validate.audit.worker import settle
found = list(inputs.files([folder]))
settle()
def audit():
    auditor = checking.Auditor()
    for number, batch in enumerate(inputs.batches(found)):
        task = batches.AuditTask(number, batch, "/dev/null")
        assert batches.run(task, auditor, lambda number: None).is_complete
"""
PROGRAMS = {
    "nothing": "audit",
    "decoding": """
import zlib, msgspec
class File(msgspec.Struct):
    Records: list[records.Record]
decode = msgspec.json.Decoder(File).decode
for each in found:
    data = open(each.path, 'rb').read()
    try:
        decode(zlib.decompressobj(31).decompress(data))
    except msgspec.MsgspecError:
        pass
""",
    "audit": "audit()",
    "json": """
import json, zlib, msgspec
from lambda_validate.audit import splitting
checking.VALUE = type('Json', (), {'decode': staticmethod(json.loads)})
names = records.Record.__struct_fields__
def one(found):
    values = {name: found.get(name) for name in names}
    is_own = found.get('eventSource') == 'lambda.amazonaws.com'
    held = json.dumps(found['requestParameters']).encode() if is_own else b'null'
    values['requestParameters'] = msgspec.Raw(held)
    values['detail'] = records.NULL
    return records.Record(**values)
class Many:
    def decode(self, data):
        try:
            return [one(each) for each in json.loads(data)]
        except ValueError as error:
            raise msgspec.DecodeError(str(error))
splitting.MANY = Many()
audit()
""",
}
"""The measured programs by name. Each runs after `SHARED`."""


def ran(name: str, folder: str) -> tuple[float, float]:
    """Return the processor seconds and the memory in MB that a program takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = (SHARED + PROGRAMS[name]).replace("{root!r}", repr(str(ROOT)))
    program += "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", program, folder], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout.split()[-1]) / 1024


def figures(records: int, folder: str) -> dict[str, float]:
    small, large = os.path.join(folder, "small"), os.path.join(folder, "large")
    generating.write(small, records, 1)
    generating.write(large, 4 * records, 2)
    lambdas, generating.LAMBDA_SHARE = os.path.join(folder, "lambdas"), 0.1
    generating.write(lambdas, records, 3)
    start = ran("nothing", small)[0]
    times = {name: min(ran(name, small)[0] for _ in range(3)) - start for name in ("decoding", "audit", "json")}
    tenth = {name: min(ran(name, lambdas)[0] for _ in range(3)) - start for name in ("decoding", "audit")}
    memory = ran("audit", small)[1]
    long, more = ran("audit", large)
    return {
        **{f"{name}, us a record": 1e6 * each / records for name, each in times.items()},
        "audit / json": times["audit"] / times["json"],
        "audit / decoding": times["audit"] / times["decoding"],
        "audit / decoding, a tenth of Lambda": tenth["audit"] / tenth["decoding"],
        "time x4 / 4": (long - start) / times["audit"] / 4,
        "memory": memory,
        "memory x4 - memory": more - memory,
    }


TINY = """
import sys; sys.path.insert(0, {root!r}); folder, *_ = sys.argv[1:]
import time
from pyspark.sql import SparkSession
from lambda_validate import audit
settings = {'spark.ui.enabled': 'false', 'spark.sql.shuffle.partitions': '4'}  # for two processors, and not a cluster
session = SparkSession.builder.master('local[2]').config(map=settings).getOrCreate()
def spark():
    audit.spark(session, folder).write.format('noop').mode('overwrite').save()
def local():
    for each in audit.files(folder, processes=2):
        pass
def seconds(call):
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
spark()
print(seconds(spark) / seconds(local))
"""


def tiny(folder: str) -> dict[str, float]:
    """Return the wall-clock seconds for many tiny files in a running Spark session, and for local processes."""
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    generating.PER_FILE = TINY_RECORDS
    generating.write(folder, TINY_FILES * TINY_RECORDS, 3)
    command = [sys.executable, "-c", TINY.replace("{root!r}", repr(str(ROOT))), folder]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return {SPARK: float(done.stdout.split()[-1])}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--spark", action="store_true")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = figures(arguments.records, folder)
        if arguments.spark:
            found |= tiny(os.path.join(folder, "tiny"))
    above: dict[str, Any] = {name: most for name, most in LIMITS.items() if found.get(name, 0) > most}
    for name, value in found.items():
        limit = f" (at most {LIMITS[name]})" if name in LIMITS else ""
        print(f"{value:10.2f}  {name}{limit}{' EXCEEDED' if name in above else ''}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(found, indent=1))
    return int(bool(above))


if __name__ == "__main__":
    raise SystemExit(main())
