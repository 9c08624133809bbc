"""Define variants of the reference server with one defect each."""

from __future__ import annotations

import os
from typing import Any

import lambda_validate as lv

from .reference import Answer, Reference, main

CONDITIONAL = ("batch-size.sqs", "batch-size.dynamodb", "batch-size.kinesis", "starting-position.required",
               "starting-position.at-timestamp", "starting-position-timestamp.required",
               "event-source-arn.resource")  # fmt: skip

NOT_FOUND = Answer(404, {"Type": "User", "Message": "The resource does not exist."}, "ResourceNotFoundException")


class MaximumOffByOne(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict) and payload.get("MaximumBatchingWindowInSeconds") == 300:
            payload = {**payload, "MaximumBatchingWindowInSeconds": 301}
        return super().answer(operation, payload)


class IgnoresBodies(Reference):
    ignores_bodies = True


class NoLimitOf64(Reference):
    validator = lv.Validator(disable=["function-name.length"])


class NoConditionalRules(Reference):
    validator = lv.Validator(disable=CONDITIONAL)


class MemberOfWrongType(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        answer = super().answer(operation, payload)
        if "BatchSize" in answer.body:
            answer.body["BatchSize"] = str(answer.body["BatchSize"])
        return answer


class FailsOnLongNames(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict) and len(str(payload.get("FunctionName"))) > 63:
            return Answer(500, {"Type": "Service", "Message": "internal error"}, "ServiceException")
        return super().answer(operation, payload)


class WrongSuccess(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        answer = super().answer(operation, payload)
        return answer._replace(status=201) if answer.error is None else answer


class Html(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        return super().answer(operation, payload)._replace(content_type="text/html; charset=utf-8")


class AcceptsUnknownMembers(Reference):
    validator = lv.Validator(unknown_members="ignore")


class Unanchored(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict):
            payload = {key: each[:-1] if str(each)[-1:] == "\n" else each for key, each in payload.items()}
        return super().answer(operation, payload)


class RejectsLatest(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict) and "$" in str(payload.get("Qualifier")):
            payload = {**payload, "Qualifier": "not a qualifier"}
        return super().answer(operation, payload)


class UndocumentedException(Reference):
    def refusal(self, report: lv.Report) -> Answer:
        return super().refusal(report)._replace(error="ValidationException")


class WrongPair(Reference):
    def refusal(self, report: lv.Report) -> Answer:
        return super().refusal(report)._replace(status=409)


class NamelessErrors(Reference):
    def refusal(self, report: lv.Report) -> Answer:
        return super().refusal(report)._replace(error=None)


class ErrorsAsText(Reference):
    def refusal(self, report: lv.Report) -> Answer:
        return super().refusal(report)._replace(body="no")


class BodyAsText(Reference):
    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        answer = super().answer(operation, payload)
        return answer if answer.error else answer._replace(body='{"State": NaN}')


class Redirects(Reference):
    def __init__(self, location: str) -> None:
        self.location = location

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        return Answer(307, {}, location=self.location)


class Slow(Reference):
    """Take 50 ms for a response, by a private clock that replaces `time`."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        self.now += 0.05
        return super().answer(operation, payload)


class Silent(Reference):
    """Give no response to long names, but continue to serve."""

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict) and len(str(payload.get("FunctionName"))) > 140:
            raise ConnectionError
        return super().answer(operation, payload)


class Empty(Reference):
    """Have no function, without any other defect."""

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        answer = super().answer(operation, payload)
        return answer if answer.error else NOT_FOUND


class Dies(Reference):
    """End the process if a batching window is given. Use this in a separate process only."""

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        if isinstance(payload, dict) and "MaximumBatchingWindowInSeconds" in payload:
            os._exit(3)
        return super().answer(operation, payload)


if __name__ == "__main__":
    main(Dies())
