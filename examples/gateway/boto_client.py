"""Validate calls in the AWS SDK: `python boto_client.py` sends nothing, and prints every violation."""

from __future__ import annotations

import boto3

from lambda_validate.boto import InvalidParametersError, attach

client = boto3.client("lambda", region_name="us-west-2", aws_access_key_id="none", aws_secret_access_key="none")
detach = attach(client)
try:
    client.create_event_source_mapping(
        EventSourceArn="arn:aws:sqs:us-west-2:123456789012:orders.fifo", FunctionName="my function", BatchSize=100
    )
except InvalidParametersError as error:
    for violation in error.report.errors:
        print(violation.pointer, violation.message)
detach()
