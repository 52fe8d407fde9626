"""The hall's files: read wholly or refused wholly, made, edited and watched. Nobody below may import this."""

from queue_server.api.settings import Secret, ServerSettings
from queue_server.config.catalogue import CatalogueRefused, load_catalogue, load_index
from queue_server.config.creating import InitRefused, InitResult, init
from queue_server.config.edit import EditRefused, change
from queue_server.config.errors import ConfigError, ConfigErrors
from queue_server.config.loading import HallFiles, check, load
from queue_server.config.values import HallConfig, width_warnings
from queue_server.config.watch import catalogue_state, fingerprint

__all__ = [
    "CatalogueRefused",
    "ConfigError",
    "ConfigErrors",
    "EditRefused",
    "HallConfig",
    "HallFiles",
    "InitRefused",
    "InitResult",
    "Secret",
    "ServerSettings",
    "catalogue_state",
    "change",
    "check",
    "fingerprint",
    "init",
    "load",
    "load_catalogue",
    "load_index",
    "width_warnings",
]
