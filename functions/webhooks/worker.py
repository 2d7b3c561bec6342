"""Sends due deliveries, a few lanes per receiver so that a slow one holds up no other.

While one receiver is waited for, what comes meanwhile for the others is looked for and sent: a run ends only when
nobody is waited for, and the next may not begin before.

Several may work at once, here or in other processes: each message is claimed by one of them.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from aws_lambda_powertools import Logger
from sqlalchemy import Connection, Engine

from functions.webhooks.sending import Answer, post
from risk.alerts.webhook_messages import WebhookKind, linked, slack_message, wait_after
from risk.alerts.webhook_signature import OVERLAP, secret, sign
from risk.config.settings import WebhookSettings
from risk.store.alerts import webhook_deliveries, webhooks
from risk.store.alerts.webhook_deliveries import Claimed
from risk.store.alerts.webhooks import Webhook

LANES = 4
"""Messages of different alerts that a receiver is sent at once."""
MAX_RECEIVERS = 20
LOOK_SECONDS = 0.2
"""How often, while a receiver is waited for, new messages of the others are looked for."""
SLOW_SECONDS = 1.0
"""A receiver that took longer to answer is sent nothing more near the end of a run, which others would wait for."""
LONGEST_PAUSE = timedelta(minutes=15)

logger = Logger(service="webhooks", child=True)


class Worker:
    """One run over everything that is due, within ``webhook_work_seconds``."""

    def __init__(self, database: Engine, key: str, settings: WebhookSettings) -> None:
        self._database = database
        self._key = key
        self._settings = settings
        self._first_wait = timedelta(seconds=settings.webhook_first_wait)
        self._give_up_after = timedelta(hours=settings.webhook_give_up_hours)
        work = settings.webhook_work_seconds
        self._last_start = time.monotonic() + work
        self._last_slow_start = self._last_start - min(settings.webhook_timeout, work / 2)
        self._slow: set[UUID] = set()

    def run(self) -> Counter[str]:
        """Send until nothing is due or time is up; returns how many were delivered, failed and given up."""
        total: Counter[str] = Counter()
        lanes: dict[Future[Counter[str]], UUID] = {}
        with ThreadPoolExecutor(MAX_RECEIVERS * LANES, thread_name_prefix="lane") as pool:
            while True:
                for webhook_id in self._due():
                    free = LANES - list(lanes.values()).count(webhook_id)
                    lanes |= {pool.submit(self._lane, webhook_id): webhook_id for _ in range(free)}
                done, running = wait(lanes, timeout=LOOK_SECONDS)
                for lane in done:
                    total += lane.result()
                    del lanes[lane]
                if not running:
                    return total

    def _due(self) -> list[UUID]:
        with self._database.connect() as connection:
            due = webhook_deliveries.waiting(connection, datetime.now(UTC))
        return [webhook_id for webhook_id in due if self._may_start(webhook_id)]

    def _may_start(self, webhook_id: UUID) -> bool:
        return time.monotonic() < (self._last_slow_start if webhook_id in self._slow else self._last_start)

    def _lane(self, webhook_id: UUID) -> Counter[str]:
        counted: Counter[str] = Counter()
        while self._may_start(webhook_id):
            with self._database.begin() as connection:
                claimed = webhook_deliveries.claim(connection, webhook_id, datetime.now(UTC))
                webhook = None if claimed is None else webhooks.find(connection, webhook_id)
            if claimed is None or webhook is None:
                break
            began = time.monotonic()
            answer = self._send(webhook, claimed)
            (self._slow.add if time.monotonic() - began > SLOW_SECONDS else self._slow.discard)(webhook_id)
            with self._database.begin() as connection:
                counted[self._record(connection, claimed, answer)] += 1
        return counted

    def _send(self, webhook: Webhook, message: Claimed) -> Answer:
        now = datetime.now(UTC)
        settings = self._settings
        read = orjson.loads(message.payload)
        read["data"] = linked(read["type"], read["data"], settings.site_url)
        if webhook.kind is WebhookKind.SLACK:
            body, headers = orjson.dumps(slack_message(read["type"], read["data"])), {}
        else:
            generations = [webhook.secret_generation]
            if webhook.secret_generation > 1 and now - webhook.secret_changed_at < OVERLAP:
                generations.append(webhook.secret_generation - 1)
            body = orjson.dumps(read)
            secrets = [secret(self._key, webhook.id, generation) for generation in generations]
            headers = sign(secrets, message.message_id, now, body)
        private = settings.webhook_private_targets
        return post(webhook.url, body, headers, timeout=settings.webhook_timeout, private=private)

    def _record(self, connection: Connection, message: Claimed, answer: Answer) -> str:
        if answer.taken:
            webhook_deliveries.delivered(connection, message, answer.status or 200)
            webhooks.answered(connection, message.webhook_id)
            return "delivered"
        now, error = datetime.now(UTC), answer.error or ""
        logger.warning(
            "a message was not taken",
            extra={"webhook": str(message.webhook_id), "delivery": str(message.id), "error": error},
        )
        if answer.gone:
            webhooks.disable(connection, message.webhook_id, "the receiver answered 410 Gone", at=now)
        elif answer.receiver_fails:
            self._pause(connection, message.webhook_id, now, answer.retry_after)
        oldest = now - self._give_up_after
        if answer.gone or message.queued_at <= oldest:
            reason = f"{error}; given up after {message.attempts} attempts"
            webhook_deliveries.give_up(connection, message, status=answer.status, error=reason)
            webhook_deliveries.give_up_older(connection, message.webhook_id, oldest, f"{error}; waited too long")
            return "given_up"
        again = now + max(wait_after(message.attempts, self._first_wait, _jitter()), answer.retry_after or timedelta())
        webhook_deliveries.try_again(connection, message, again, status=answer.status, error=error)
        return "failed"

    def _pause(self, connection: Connection, webhook_id: UUID, now: datetime, asked: timedelta | None) -> None:
        """Pause a failing receiver for a while, or for as long as it ``asked``."""
        failures = webhooks.failed(connection, webhook_id, now=now)
        if asked:
            webhooks.pause(connection, webhook_id, now + asked)
        elif failures is not None:
            wait = min(wait_after(failures, self._first_wait, _jitter()), LONGEST_PAUSE)
            webhooks.pause(connection, webhook_id, now + wait)


def _jitter() -> float:
    return random.random()  # noqa: S311  (spreads attempts, guards nothing)
