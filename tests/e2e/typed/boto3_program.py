"""Validate the calls of a boto3 client, in a program that type checkers accept."""

from typing import Any

import boto3

from lambda_validate import ValidationError, boto
from lambda_validate.http.events import Event


def seen(event: Event) -> None:
    """Print an event."""
    print(event.operation, event.report)


client: Any = boto3.client("lambda", region_name="us-west-2")
detach = boto.attach(client, requests="block", responses="log", on_check=seen, disable=["batch-size.sqs"], strict=True)
try:
    client.get_function_event_invoke_config(FunctionName="my function")
except ValidationError as error:
    print(error.report)
detach()
boto.attach(boto3.Session(), edition="documents", unknown_members="warning")
