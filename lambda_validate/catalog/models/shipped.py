"""Find the service models that the installed botocore ships."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ...base.spelling import UnknownNameError
from ..bundle import SchemaError

BOTOCORE_MISSING = "botocore, which ships the services' models, is not installed; install lambda-validate[boto]"


class NoModelsError(ImportError):
    """botocore is not installed, so there are no models."""


def service_model(service: str, *, own: bool = True) -> Mapping[str, Any]:
    """Return the newest model of a service, by the name that the SDK gives it: `"sqs"`.

    With `own`, models in the user's folders are found too, including those of `AWS_DATA_PATH`. An unknown service
    raises `UnknownNameError`, which suggests the nearest one. A model that cannot be read raises `SchemaError`. Without
    botocore, `NoModelsError` is raised.
    """
    try:
        from botocore.loaders import Loader, create_loader
    except ImportError:
        raise NoModelsError(BOTOCORE_MISSING) from None
    loader = (
        create_loader(os.environ.get("AWS_DATA_PATH"))
        if own
        else Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    )
    known = loader.list_available_services("service-2")
    if service not in known:
        raise UnknownNameError("service", service, known)
    try:
        model: Mapping[str, Any] = loader.load_service_model(service, "service-2")
    except Exception as error:  # the file may hold anything
        raise SchemaError(f"the model of {service} cannot be read: {type(error).__name__}") from None
    return model


def botocore_version() -> str:
    """Return the version of the installed botocore."""
    from botocore import __version__

    return str(__version__)
