"""Test `attach` with clients of other services and every call of Lambda, validated by a model without a network."""

from __future__ import annotations

import datetime
import gc
import io
import logging
import weakref
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber
from support.sdk_calls import KEYS, ONCE, SESSION, Wire
from support.sdk_calls import VALID as MAPPING

import lambda_validate as lv
from lambda_validate import boto
from lambda_validate.boto import values as boto_values
from lambda_validate.http.events import Event

QUEUE = "https://sqs.us-west-2.amazonaws.com/123456789012/orders"
MOMENT = datetime.datetime(2018, 11, 2, 6, 11, 49, tzinfo=datetime.UTC)
UNIX = 1541139109
TIMES = [MOMENT, MOMENT.replace(tzinfo=None), UNIX, float(UNIX), str(UNIX), "2018-11-02T06:11:49Z", "2018-11-02",
         "Fri, 02 Nov 2018 06:11:49 GMT", Decimal(UNIX)]  # fmt: skip
KEY = "alias/orders"


@pytest.fixture
def made() -> Iterator[Callable[..., Any]]:
    clients = []

    def make(service: str, session: Any = None, **settings: Any) -> Any:
        clients.append((session or SESSION).client(service, config=ONCE))
        if session is None:
            boto.attach(clients[-1], **settings)
        return clients[-1]

    yield make
    for each in clients:
        each.close()


def call(client: Any, operation: str, **parameters: Any) -> Any:
    return getattr(client, operation)(**parameters)


VALID: list[tuple[str, str, dict[str, Any]]] = [
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "hello"}),
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "", "MessageAttributes": {}}),
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "m", "MessageAttributes": {
        "a": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}, "b": {"DataType": "Binary", "BinaryValue": "text"}}}),
    ("dynamodb", "put_item", {"TableName": "orders", "Item": {
        "id": {"S": "1"}, "tags": {"L": [{"M": {"deep": {"B": b"\x00"}, "set": {"BS": [b"a", bytearray(b"b")]}}}]},
        "none": {"NULL": True}, "number": {"N": "1.5"}, "empty": {"M": {}}}}),
    ("dynamodb", "batch_get_item", {"RequestItems": {"orders": {"Keys": ({"id": {"S": "1"}},)}}}),
    ("s3", "put_object", {"Bucket": "orders", "Key": "a/b", "Body": b"bytes", "Metadata": {}}),
    ("s3", "put_object", {"Bucket": "orders", "Key": "a", "Body": "text", "ContentMD5": "XUFAKrxLKna5cZ2REBfFkg=="}),
    ("s3", "put_object", {"Bucket": "orders", "Key": "a", "Body": io.BytesIO(b"file"), "Expires": MOMENT}),
    ("s3", "copy_object", {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "from", "Key": "k"}}),
    ("s3", "get_object", {"Bucket": "b", "Key": "k", "SSECustomerKey": b"k" * 32, "SSECustomerAlgorithm": "AES256"}),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": b"x" * 4096}),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": "a text"}),
    ("kms", "decrypt", {"CiphertextBlob": bytearray(b"x"), "EncryptionContext": {}}),
    ("ec2", "run_instances", {"MinCount": 1, "MaxCount": 1, "ImageId": "ami-12345678", "UserData": "#!/bin/sh"}),
    ("route53", "get_hosted_zone", {"Id": "/hostedzone/Z123456789012345678901234567890A"}),
    ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": [
        {"MetricName": "m", "Value": Decimal("1.5"), "Timestamp": "2018-11-02T06:11:49Z", "Values": [1, 2.5]}]}),
    ("bedrock-runtime", "converse", {"modelId": "amazon.titan-text-express-v1", "additionalModelRequestFields": {
        "any": [1, None, {"deep": True}]}, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}),
    ("lex-runtime", "post_text", {"botName": "b", "botAlias": "a", "userId": "u1", "inputText": "t",
                                  "sessionAttributes": {"a": "b"}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters"), VALID, ids=lambda each: each if isinstance(each, str) else ""
)
def test_calls_accepted_by_sdk_and_service_are_valid(
    made: Any, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    client = made(service)
    wire = Wire(client)
    call(client, operation, **parameters)
    assert len(wire.sent) == 1


INVALID: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("sqs", "send_message", {"QueueUrl": QUEUE}, ["/MessageBody required"]),
    ("sqs", "create_queue", {"QueueName": "q", "Attributes": {"Colour": "red"}}, ["/Attributes/Colour enum"]),
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": 5}, ["/MessageBody type"]),
    ("dynamodb", "put_item", {"TableName": "a", "Item": {}, "ReturnValues": "NEW"}, ["/ReturnValues enum"]),
    ("bedrock-runtime", "converse", {"modelId": "m", "messages": [
        {"role": "user", "content": [{"text": "hello", "guardContent": {"text": {"text": "t"}}}, {}]}]},
     ["/messages/0/content/0 maxProperties", "/messages/0/content/1 minProperties"]),
    ("dynamodb", "put_item", {"TableName": "a", "Item": {"a": {"L": [{"M": {"b": {"s": "x"}}}]}}},
     ["/Item/a/L/0/M/b/s additionalProperties"]),
    ("dynamodb", "batch_get_item", {"RequestItems": {}}, ["/RequestItems minProperties"]),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": b"x" * 4097}, ["/Plaintext maxLength"]),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": b"x" * 1_000_000}, ["/Plaintext maxLength"]),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": "é" * 2049}, ["/Plaintext maxLength"]),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": b""}, ["/Plaintext minLength"]),
    ("kms", "encrypt", {"KeyId": KEY, "Plaintext": 5}, ["/Plaintext type"]),
    ("kms", "create_alias", {"AliasName": "no alias!", "TargetKeyId": KEY}, ["/AliasName pattern"]),
    ("s3", "put_object", {"Bucket": "b", "Key": "", "ACL": "everybody"}, ["/ACL enum", "/Key minLength"]),
    ("s3", "list_objects_v2", {"Bucket": "b", "MaxKeys": "10"}, ["/MaxKeys type"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"), INVALID, ids=lambda each: each if isinstance(each, str) else ""
)
def test_calls_forbidden_by_the_model_raise_before_sending(
    made: Any, service: str, operation: str, parameters: dict[str, Any], expected: list[str]
) -> None:
    client = made(service)
    wire = Wire(client)
    with pytest.raises(boto.InvalidParametersError) as caught:
        call(client, operation, **parameters)
    assert sorted(f"{each.pointer} {each.keyword}" for each in caught.value.report) == expected
    assert wire.sent == []


@pytest.mark.parametrize("time", TIMES, ids=repr)
def test_timestamps_in_every_form_of_the_sdk_are_valid_for_all_services(made: Any, time: Any) -> None:
    cloudwatch = made("cloudwatch")
    wire = Wire(cloudwatch)
    cloudwatch.put_metric_data(Namespace="n", MetricData=[{"MetricName": "m", "Timestamp": time}])
    scaling = made("application-autoscaling")
    Wire(scaling)
    scaling.put_scheduled_action(
        ServiceNamespace="ecs", ScheduledActionName="n", ResourceId="service/a/b",
        ScalableDimension="ecs:service:DesiredCount", StartTime=time,
    )  # fmt: skip
    assert wire.sent


def test_parameters_are_not_modified(made: Any) -> None:
    client = made("dynamodb")
    Wire(client)
    item = {"a": {"B": bytearray(b"x")}}
    client.put_item(TableName="orders", Item=item)
    assert item == {"a": {"B": bytearray(b"x")}}


def test_an_open_file_is_not_read(made: Any) -> None:
    class Once(io.BytesIO):
        def read(self, *given: Any) -> bytes:
            raise AssertionError("it was read")

    client = made("kms")
    model = client.meta.service_model.operation_model("Encrypt")
    parameters = {"KeyId": KEY, "Plaintext": Once(b"x" * 5000)}
    client.meta.events.emit("before-parameter-build.kms.Encrypt", params=parameters, model=model, context={})
    assert parameters["Plaintext"].tell() == 0
    with pytest.raises(boto.InvalidParametersError):  # it is read anyway, as bytes are
        client.meta.events.emit(
            "before-parameter-build.kms.Encrypt", params={**parameters, "KeyId": ""}, model=model, context={}
        )


def test_a_stubbed_client_is_checked_too(made: Any) -> None:
    client = made("sqs")
    with Stubber(client) as stubber:
        stubber.add_response("send_message", {"MessageId": "1"})
        with pytest.raises(boto.InvalidParametersError):
            client.send_message(
                QueueUrl=QUEUE, MessageBody="m", MessageSystemAttributes={"Colour": {"DataType": "String"}}
            )


def test_a_resource_is_checked_by_its_transformed_parameters() -> None:
    resource = SESSION.resource("dynamodb", config=ONCE)
    boto.attach(resource)
    wire = Wire(resource.meta.client)
    table = resource.Table("orders")
    table.put_item(Item={"id": 1, "price": Decimal("1.5"), "raw": b"x", "deep": [{"a": {"b": None}}]})
    assert len(wire.sent) == 1
    with pytest.raises(boto.InvalidParametersError):
        table.put_item(Item={"id": 1}, ReturnValues="SOME")
    resource.meta.client.close()


def test_parameters_are_checked_as_changed_by_other_handlers(made: Any) -> None:
    client = made("kms")
    wire = Wire(client)
    client.meta.events.register("before-parameter-build", lambda params, **_: params.update(Limit=1000))
    client.list_keys(Limit=5000)
    assert len(wire.sent) == 1


def test_every_service_of_a_session_is_checked_by_its_own_model_and_lambda_by_its_edition() -> None:
    session = boto3.Session(**KEYS)
    detach = boto.attach(session, edition="current")
    clients = {name: session.client(name, config=ONCE) for name in ("sqs", "kms", "lambda")}
    for client in clients.values():
        Wire(client)
    with pytest.raises(boto.InvalidParametersError):
        clients["sqs"].list_queues(MaxResults="5")
    with pytest.raises(boto.InvalidParametersError):
        clients["kms"].list_keys(Limit=1001)
    with pytest.raises(boto.InvalidParametersError) as caught:
        clients["lambda"].create_event_source_mapping(**MAPPING, BatchSize=11)
    assert [each.rule for each in caught.value.report] == ["batch-size.window"]
    clients["kms"].list_keys(Limit=1000)
    detach()
    later = session.client("kms", config=ONCE)
    Wire(later)
    later.list_keys(Limit=1001)
    for client in (*clients.values(), later):
        client.close()


def test_clients_of_a_session_share_the_catalog_of_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[Any] = []
    real = lv.Catalog.from_service_model
    monkeypatch.setattr(lv.Catalog, "from_service_model", lambda model: [models.append(model), real(model)][1])
    session = boto3.Session(**KEYS)
    boto.attach(session)
    for _ in range(3):
        client = session.client("kms", config=ONCE)
        Wire(client)
        client.list_keys()
        client.close()
    assert len(models) == 1


def test_schemas_are_converted_lazily_at_the_first_call(monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    from lambda_validate.catalog.models import Documents

    converted: list[str] = []
    real = Documents.document
    monkeypatch.setattr(Documents, "document", lambda self, name: [converted.append(name), real(self, name)][1])
    client = made("kms")
    Wire(client)
    assert converted == []
    client.list_keys()
    client.list_keys()
    assert converted == ["ListKeys"]


def test_attach_keeps_no_reference_to_a_deleted_client() -> None:
    session = boto3.Session(**KEYS)
    boto.attach(session)
    client = session.client("kms", config=ONCE)
    Wire(client)
    client.list_keys()
    gone = weakref.ref(client)
    client.close()
    del client
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    "disable", ["member.unknown", ["member.unknown"], iter(["member.unknown"])], ids=["", "s", "i"]
)
def test_settings_apply_to_every_service(made: Any, disable: Any) -> None:
    client = made("kms", disable=["limit.maximum"], unknown_members="ignore")
    Wire(client)
    client.list_keys(Limit=5000)
    with pytest.raises(lv.UnknownNameError, match=r"limit\.maximum"):
        made("kms", disable=["limit.maximun"])
    session = boto3.Session(**KEYS)
    boto.attach(session, disable=disable, strict=True)
    later = made("kms", session)
    with pytest.raises(ParamValidationError) as caught:
        later.list_keys(Colour="red")
    assert not isinstance(caught.value, boto.InvalidParametersError)  # botocore itself rejects the unknown member


def test_a_custom_catalog_is_used_for_the_clients_service(made: Any) -> None:
    model = botocore.session.get_session().get_service_model("kms")
    client = made("kms", edition=lv.Catalog.from_service_model(model))
    Wire(client)
    with pytest.raises(boto.InvalidParametersError):
        client.list_keys(Limit=1001)


def test_a_call_rejected_by_the_sdk_too_raises_one_combined_exception(made: Any) -> None:
    client = made("kms")
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.encrypt(KeyId=KEY, Plaintext=b"s3cr3t" * 1000, Colour="s3cr3t")
    assert "s3cr3t" not in str(caught.value)


def test_log_mode_logs_and_sends(made: Any, caplog: pytest.LogCaptureFixture) -> None:
    events: list[Event] = []
    client = made("kms", requests="log", on_check=events.append)
    wire = Wire(client)
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        client.list_keys(Limit=1001)
    assert [each.outcome for each in events] == ["flagged"]
    assert len(wire.sent) == 1
    assert "/Limit limit.maximum" in caplog.text


@pytest.mark.parametrize(("pattern", "expected"), [(r"\/.+\/.+", []), (r"\/?.+\/.+", ["copy-source.pattern"])])
def test_copy_source_without_a_leading_slash_is_valid_for_old_models(pattern: str, expected: list[str]) -> None:
    content = botocore.session.get_session().get_component("data_loader").load_service_model("s3", "service-2")
    shapes = {**content["shapes"], "CopySource": {"type": "string", "pattern": pattern}}
    made = lv.Catalog.from_service_model({**content, "shapes": shapes})
    call = {"Bucket": "to", "Key": "key"}
    assert lv.validate_request("CopyObject", {**call, "CopySource": "from/key"}, edition=made).violations == ()
    assert [
        each.rule for each in lv.validate_request("CopyObject", {**call, "CopySource": "from"}, edition=made)
    ] == expected


# Every call of Lambda.


LAMBDA: list[tuple[str, dict[str, Any]]] = [
    ("list_functions", {}),
    ("create_function", {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Handler": "a.b",
                         "Runtime": "python3.12", "Code": {"ZipFile": b"PK\x03\x04" * 10_000}}),
    ("update_function_code", {"FunctionName": "f", "ZipFile": bytearray(b"PK")}),
    ("invoke", {"FunctionName": "f", "Payload": b'{"a": 1}'}),
    ("invoke", {"FunctionName": "f", "Payload": "text"}),
    ("invoke", {"FunctionName": "f", "Payload": io.BytesIO(b"{}"), "InvocationType": "Event"}),
    ("publish_layer_version", {"LayerName": "l", "Content": {"ZipFile": b"PK"}}),
    ("list_durable_executions_by_function", {"FunctionName": "f", "StartedAfter": MOMENT, "Statuses": ["RUNNING"]}),
    ("list_durable_executions_by_function", {"FunctionName": "f", "StartedAfter": "2018-11-02T06:11:49Z"}),
    ("tag_resource", {"Resource": "arn:aws:lambda:us-west-2:123456789012:function:f", "Tags": {"a": ""}}),
    ("untag_resource", {"Resource": "arn:aws:lambda:us-west-2:123456789012:function:f", "TagKeys": ["a", "b"]}),
    ("delete_function", {"FunctionName": "f"}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "parameters"), LAMBDA, ids=lambda each: each if isinstance(each, str) else "")
def test_valid_lambda_calls_pass_as_parameters_and_on_the_wire(
    made: Any, operation: str, parameters: dict[str, Any]
) -> None:
    events: list[Event] = []
    client = made("lambda", edition="current", on_check=events.append)
    if not hasattr(client, operation):
        pytest.skip("the installed botocore is older than the operation")
    wire = Wire(client)
    call(client, operation, **parameters)
    assert len(wire.sent) == 1
    assert {each.outcome for each in events} == {"passed"}


@pytest.mark.parametrize(("operation", "parameters", "pointer"), [
    ("list_functions", {"MaxItems": 10_001}, "/MaxItems"),
    ("invoke", {"FunctionName": "a b"}, "/FunctionName"),
    ("update_function_code", {"FunctionName": "f", "ZipFile": 5}, "/ZipFile"),
    ("create_alias", {"FunctionName": "f", "Name": "7", "FunctionVersion": "1"}, "/Name"),
    ("delete_event_source_mapping", {"UUID": "short"}, "/UUID"),
])  # fmt: skip
def test_invalid_lambda_calls_are_rejected(made: Any, operation: str, parameters: Any, pointer: str) -> None:
    client = made("lambda", edition="current")
    wire = Wire(client)
    with pytest.raises(boto.InvalidParametersError) as caught:
        call(client, operation, **parameters)
    assert [each.pointer for each in caught.value.report] == [pointer]
    assert wire.sent == []


def test_the_payload_of_an_invocation_is_not_consumed(made: Any) -> None:
    client = made("lambda", edition="current", responses="block")
    Wire(client, body=b"not json")
    assert client.invoke(FunctionName="f")["Payload"].read() == b"not json"


# Responses of other services.


@pytest.mark.parametrize(("body", "expected"), [
    (b'{"Keys": [{"KeyId": "a", "KeyArn": "arn:aws:kms:us-west-2:123456789012:key/a"}], "Truncated": false}', []),
    (b'{"Keys": null, "NextMarker": null}', []),
    (b'{"Keys": [], "Newer": 1}', ["member.unknown warning"]),
    (b'{"Keys": [{"KeyId": 5}]}', ["key-id.type error"]),
    (b"", []), (b"{", []), (b"[" * 100_000, []),
])  # fmt: skip
def test_a_json_response_is_checked_as_the_sdk_parses_it(made: Any, body: bytes, expected: list[str]) -> None:
    events: list[Event] = []
    client = made("kms", responses="log", on_check=events.append)
    Wire(client, body=body)
    try:
        client.list_keys()
    except (ValueError, RecursionError):  # botocore's own error for a body that it cannot parse
        assert expected == []
    found = [
        f"{each.rule} {each.severity}" for event in events if event.direction == "response" for each in event.report
    ]
    assert found == expected


@pytest.mark.parametrize("service", ["bedrock-runtime", "lambda"])
def test_an_event_stream_is_not_consumed(made: Any, service: str) -> None:
    events: list[Event] = []
    client = made(service, edition="current", responses="block", on_check=events.append)
    Wire(client, content_type="application/vnd.amazon.eventstream")
    if service == "lambda":
        assert client.invoke_with_response_stream(FunctionName="f")["EventStream"]
    else:
        message = {"role": "user", "content": [{"text": "hello"}]}
        assert client.converse_stream(modelId="amazon.titan-text-express-v1", messages=[message])["stream"]
    assert [each for each in events if each.report.violations] == []


def test_error_responses_and_other_protocols_are_not_checked(made: Any) -> None:
    events: list[Event] = []
    client = made("kms", responses="block", on_check=events.append)
    Wire(client, 400, b'{"__type": "ThrottlingException", "message": 5}')
    with pytest.raises(client.exceptions.ClientError):
        client.list_keys()
    other = made("sts", responses="block", on_check=events.append)
    Wire(other, 200, b"<R><GetCallerIdentityResult><Account>5</Account></GetCallerIdentityResult></R>")
    other.get_caller_identity()
    assert [each for each in events if each.direction == "response" and each.report.violations] == []


@pytest.mark.e2e
def test_typical_calls_pass_against_moto() -> None:
    from moto import mock_aws

    events: list[Event] = []
    session = boto3.Session(**KEYS)
    boto.attach(session, responses="log", on_check=events.append, edition="current")
    with mock_aws():
        sqs, table, s3, kms = (session.client(name) for name in ("sqs", "dynamodb", "s3", "kms"))
        queue = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
        sqs.send_message(
            QueueUrl=queue, MessageBody="m", MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}}
        )
        sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        table.create_table(
            TableName="orders", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )  # fmt: skip
        table.put_item(TableName="orders", Item={"id": {"S": "1"}, "raw": {"B": b"x"}, "deep": {"M": {"a": {"L": []}}}})
        assert table.get_item(TableName="orders", Key={"id": {"S": "1"}})["Item"]["raw"]["B"] == b"x"
        table.describe_table(TableName="orders")
        s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket="orders", Key="a", Body=io.BytesIO(b"x"), Metadata={"a": "b"})
        s3.copy_object(Bucket="orders", Key="b", CopySource="orders/a")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"])
    assert [(each.operation, each.report.errors) for each in events if not each.report.ok] == []
    assert {each.direction for each in events} == {"request", "response"}


# Conversions.


def test_values_to_convert_are_found_in_recursive_shapes() -> None:
    from botocore.model import ShapeResolver

    shapes = {
        "Time": {"type": "timestamp"},
        "Times": {"type": "list", "member": {"shape": "Time"}},
        "ByName": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Times"}},
        "Tree": {"type": "structure", "members": {
            "Times": {"shape": "Times"}, "Below": {"shape": "Tree"}, "Map": {"shape": "ByName"}}},
        "Loop": {"type": "structure", "members": {"Below": {"shape": "Loop"}, "Name": {"shape": "Name"}}},
        "Name": {"type": "string"},
    }  # fmt: skip
    resolver = ShapeResolver(shapes)
    tree, loop = (boto_values.ParameterConverter(resolver.get_shape_by_name(name)) for name in ("Tree", "Loop"))
    given = {"Times": ["1970-01-01T00:00:09Z", 5], "Below": {"Times": ("10",), "Other": "10"}, "Map": {"a": [MOMENT]}}
    assert tree.converted(given) == {
        "Times": [9, 5], "Below": {"Times": [10], "Other": "10"}, "Map": {"a": [UNIX]}
    }  # fmt: skip
    assert loop.converted(given) is given


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 4096, 4097])
def test_a_blob_becomes_a_base64_string_of_its_length(size: int) -> None:
    import base64

    assert base64.b64decode(boto_values.base64_of(size)) == bytes(size)


def endless() -> dict[str, Any]:
    item: dict[str, Any] = {}
    item["M"] = {"a": item}
    return item


class Hostile(dict):  # type: ignore[type-arg]  # of anything
    def items(self) -> Any:
        raise RuntimeError


@pytest.mark.parametrize(
    "item", [endless(), Hostile(M={}), {"M": Hostile()}, 5, None], ids=lambda each: type(each).__name__
)
def test_parameters_that_cannot_be_converted_do_not_raise(made: Any, item: Any) -> None:
    client = made("dynamodb", requests="log")
    model = client.meta.service_model.operation_model("PutItem")
    parameters = {"TableName": "t", "Item": {"a": item}}
    client.meta.events.emit("before-parameter-build.dynamodb.PutItem", params=parameters, model=model, context={})
    assert boto_values.ParameterConverter(model.input_shape).converted(parameters) is not None
