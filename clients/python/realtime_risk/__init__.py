"""A client of the Real-Time Risk Management System's API."""

from realtime_risk.client import Client
from realtime_risk.transport import ApiError

__all__ = ["ApiError", "Client"]
