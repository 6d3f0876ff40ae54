"""Figures of the two estates that the drill has, as `payments` and `uex-payments` describe themselves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Serverless:
    """An environment of payments."""

    name: str
    account: str
    region: str
    units: int  # read and write units of each table
    memory_mb: int
    rate_limit: float  # requests per second of the API
    alarms: int  # metric and composite


PAYMENTS = [
    Serverless("dev", "111111111111", "eu-west-1", 5, 512, 100.0, 12),
    Serverless("staging", "222222222222", "us-west-2", 25, 1024, 500.0, 12),
    Serverless("prod", "333333333333", "us-east-1", 100, 2048, 2000.0, 14),
]
TABLES = ["transactions", "audit-logs"]
FUNCTIONS = ["payment-validation", "payment-processing", "payment-notification"]
ROUTES = ["/process", "/status", "/validate"]
TAG_KEYS = {"Environment", "Team", "CostCenter"}


@dataclass(frozen=True)
class Containers:
    """An environment of uex-payments."""

    name: str
    account: str
    tasks: range  # of all six services together
    cpu: str
    memory: str


UEX_REGION = "us-east-1"
UEX_PAYMENTS = [
    Containers("dev", "444444444444", range(12, 13), "512", "1024"),
    Containers("staging", "555555555555", range(18, 19), "1024", "2048"),
    Containers("prod", "666666666666", range(30, 61), "2048", "4096"),
]
PORTS = {
    "presentation": 3900,
    "client-tier": 3901,
    "management-tier": 3902,
    "uex-backend": 3903,
    "processing-tier": 8900,
    "management-backend": 9000,
}
