"""Fill a running moto server with the resources of the tests. Run this with the interpreter that has moto and boto3.

python moto_account.py URL      print the members and their values as JSON
"""

from __future__ import annotations

import io
import json
import sys
import zipfile

import boto3

NAME = "orders"
KEYS = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}  # fmt: skip


def fill(url: str) -> dict[str, list[str]]:
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    clients = {name: session.client(name, endpoint_url=url) for name in ("iam", "lambda", "sqs", "kinesis", "dynamodb")}
    function(clients)
    queue = clients["sqs"].create_queue(QueueName=NAME)["QueueUrl"]
    queue_arn = clients["sqs"].get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    clients["kinesis"].create_stream(StreamName=NAME, ShardCount=1)
    stream = clients["kinesis"].describe_stream(StreamName=NAME)["StreamDescription"]["StreamARN"]
    table = clients["dynamodb"].create_table(TableName=NAME, **KEYS)["TableDescription"]["LatestStreamArn"]
    return {"FunctionName": [NAME], "EventSourceArn": [queue_arn["QueueArn"], stream, table]}


def function(clients: dict[str, object]) -> None:
    role = clients["iam"].create_role(RoleName=NAME, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context): ...")
    clients["lambda"].create_function(
        FunctionName=NAME, Role=role, Runtime="python3.12", Handler="handler.handle", Code={"ZipFile": code.getvalue()}
    )
    clients["lambda"].put_function_event_invoke_config(FunctionName=NAME, MaximumRetryAttempts=1)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill(sys.argv[1])))
