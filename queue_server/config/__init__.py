"""The hall's files: read wholly or refused wholly, made, edited and watched. Nobody below may import this."""

from queue_server.config.creating import InitRefused, InitResult, init
from queue_server.config.edit import EditRefused, change
from queue_server.config.errors import ConfigError, ConfigErrors
from queue_server.config.loading import HallFiles, check, load
from queue_server.config.values import HallConfig, Secret, ServerSettings, width_warnings
from queue_server.config.watch import fingerprint

__all__ = [
    "ConfigError",
    "ConfigErrors",
    "EditRefused",
    "HallConfig",
    "HallFiles",
    "InitRefused",
    "InitResult",
    "Secret",
    "ServerSettings",
    "change",
    "check",
    "fingerprint",
    "init",
    "load",
    "width_warnings",
]
