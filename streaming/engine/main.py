"""The engine: acquires the lease, restores profiles, and runs the graph until stopped.

Exit status: 0 after SIGTERM or SIGINT, 3 when another engine has taken over, 1 when something broke.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

import pathway as pw
from sqlalchemy import Connection, Engine

from risk.adapters import kafka, valkey_live
from risk.adapters.kinesis import kinesis_client
from risk.adapters.stream_contracts import UpdateType
from risk.alerts.configuration import Configuration
from risk.config.secrets import database_url, label_key
from risk.config.settings import EngineSettings, EventSource
from risk.domain.errors import Fenced
from risk.domain.label_origin import is_genuine
from risk.features.catalog import Catalog
from risk.store.config import configurations
from risk.store.db.engine import create_pool
from risk.store.engine_state import batch_writer, leases, runs
from risk.store.imports import imports
from risk.store.rules import definitions
from streaming.engine import cloudwatch, metrics, recovery
from streaming.engine import graph as pipeline
from streaming.engine.backfill import Backfill
from streaming.engine.dataflow import Graph, in_one_process, in_several_processes
from streaming.engine.health import serve
from streaming.engine.lease import Lease
from streaming.engine.memory import spare_the_garbage_collector
from streaming.engine.partitions import worker
from streaming.engine.partitions.processes import launched, processes
from streaming.engine.partitions.splitting import Splitter
from streaming.engine.policy import Policies
from streaming.engine.retry import persist
from streaming.engine.sink.outbox import Outbox
from streaming.engine.sink.publisher import Views, sequenced
from streaming.engine.sink.suspensions import Suspensions
from streaming.engine.sources.admission import InFlight, Intake
from streaming.engine.sources.batching import Streams
from streaming.engine.sources.careful import Careful
from streaming.engine.sources.history import HistoryReader
from streaming.engine.sources.kafka import KafkaReader
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.kinesis import KinesisReader
from streaming.engine.sources.lookups import StoredMemory
from streaming.engine.sources.parsing import parser
from streaming.engine.sources.reader import Reader
from streaming.engine.stages.drift import DriftCounts, DriftWatch
from streaming.engine.stages.profile_cache import Known
from streaming.engine.status_report import Reporter
from streaming.engine.take_back import take_back

logger = logging.getLogger("streaming")

EXIT_FENCED = 3
CONNECTIONS = 12
TOLD_AGAIN = 20_000
BEHIND_MS = 1_000
"""The lag above which no history is loaded."""


def main(graph: Graph = pipeline.outputs) -> int:
    """Run until SIGTERM or SIGINT; returns the exit status.

    If an import must be undone, the process restarts: profiles are rebuilt before anything is read.
    Under ``pathway spawn`` all processes but the first only score their partitions.
    """
    if launched():
        worker.run()
        return 0
    settings = EngineSettings()
    logging.basicConfig(
        level=logging.DEBUG if settings.debug else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for noisy in ("botocore", "pathway_engine"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    stop, running = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = serve(settings.engine_host, settings.engine_port, lambda: running.is_set() and not stop.is_set())
    logger.info("health and metrics at http://%s:%d", settings.engine_host, server.server_port)
    engine = create_pool(
        partial(database_url, settings),
        application="risk-engine",
        size=CONNECTIONS,
        proxied=bool(settings.database_proxy),
    )
    lease = Lease(engine, f"{socket.gethostname()}/{os.getpid()}", settings.lease_seconds, stop)
    if not lease.acquire():
        return 0
    again = False
    try:
        again = run(settings, engine, lease, stop, running, graph)
    except Fenced as error:
        lease.lost = True
        logger.error("%s", error.detail)
    finally:
        running.clear()
        if not lease.lost:
            lease.release()
    if again and not lease.lost:
        logger.info("begins anew to take imports back")
        engine.dispose()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  (ourselves)
    return EXIT_FENCED if lease.lost else 0


def _label_key(settings: EngineSettings) -> str:
    if settings.label_key_secret or settings.label_key.get_secret_value():
        return label_key(settings)
    logger.warning("without LABEL_KEY no label is believed to be an analyst's or an alert's")
    return ""


def run(
    settings: EngineSettings,
    engine: Engine,
    lease: Lease,
    stop: threading.Event,
    running: threading.Event,
    graph: Graph,
) -> bool:
    """Build the graph on the stored state, run it to its end, and store its state.

    True if it ended to undo an import, and must restart.
    """
    done = threading.Event()
    valkey = valkey_live.client_of(settings)
    views = Views(valkey, kinesis_client(), settings.updates_stream)
    reporter = Reporter(
        metrics.scored,
        metrics.unscored,
        lambda minute: views.counts.get(minute, {}),
        metrics.lag_seconds,
        lambda stats: views.publish(UpdateType.STATS, [stats]),
        lambda: views.say_behind(metrics.behind_seconds()),
    )
    keeper = lease.keep(done)
    reporter.keep(done)
    helpers = ExitStack()
    try:
        partitions = helpers.enter_context(processes(settings.engine_processes, partial(_give_up, lease)))
        begun, configuration, catalog, offsets, sequence = prepare(settings, engine, lease, views)
        in_flight = InFlight()
        profiles = ProfileCache(settings.engine_profiles)
        policies = Policies(engine, configuration, stop)
        drift = DriftCounts()
        suspensions = Suspensions(engine, lease.epoch)
        known = Known(profiles.take, catalog, adopted=profiles.adopted)
        outbox = Outbox(
            engine,
            views,
            in_flight,
            epoch=lease.epoch,
            stream_epoch=settings.stream_epoch,
            sequence=sequence,
            alert_policy=lambda: policies.current.configuration.alert_policy,
            drift=drift,
            suspend=suspensions.add,
            stop=stop,
            snapshot_stored=profiles.stored,
        )
        history = HistoryReader(
            engine, stop, stored=outbox.position, behind=lambda: source.millis_behind > BEHIND_MS, undo=stop.set
        )
        source = Streams(
            [*readers(settings, offsets, stop), history],
            Intake(
                StoredMemory(engine),
                profiles,
                in_flight,
                lambda: datetime.now(UTC),
                helpers.enter_context(parser()),
                definitions=lambda: known.definitions,
                event_types=lambda: policies.current.configuration.types,
                genuine=partial(is_genuine, key=_label_key(settings)),
            ),
            stop,
            snapshot_interval=settings.snapshot_interval,
            careful=Careful(engine, begun, stop),
            stored=outbox.position,
        )
        metrics.MILLIS_BEHIND.set_function(lambda: source.millis_behind)
        metrics.IN_FLIGHT.set_function(lambda: len(in_flight))
        if partitions == 1:
            in_one_process(source, policies, policies.numbered, known, drift, outbox.take, graph=graph)
        else:
            splitter = Splitter(partitions, lambda: policies.current, profiles.take_all, drift, known)
            in_several_processes(source, splitter, partitions, outbox.take)
            threading.Thread(target=policies.watch, name="policy", daemon=True).start()
        if settings.cloudwatch_metrics:
            cloudwatch.keep(settings.stage, done)
        DriftWatch(
            engine,
            lambda: policies.current.champion,
            lambda alarm: views.publish(UpdateType.MODEL, [alarm.model_dump_json().encode()]),
        ).keep(done)
        Backfill(engine, lease.epoch, source, lambda: policies.current.catalog, lambda: outbox.progress, catalog).keep(
            done
        )
        suspensions.keep(done)
        spare_the_garbage_collector()
        running.set()
        logger.info("running from sequence %d", sequence)
        pw.run(monitoring_level=pw.MonitoringLevel.NONE, default_logging=False, terminate_on_error=True)
        outbox.close()
        if not lease.lost:
            persist(engine, lambda connection: end(connection, lease))
        logger.info("drained and stopped")
        return history.undoing
    finally:
        helpers.close()
        done.set()
        keeper.join()


def _give_up(lease: Lease) -> None:
    """Without one of its processes the engine must restart: the stored state is always consistent."""
    lease.release()
    os._exit(1)


def end(connection: Connection, lease: Lease) -> None:
    """Note that this engine ended as it was told to."""
    leases.check(connection, lease.epoch)
    runs.end(connection)


def readers(settings: EngineSettings, offsets: Mapping[str, str], stop: threading.Event) -> list[Reader]:
    """The engine's readers, each from its stored position.

    With Kafka as the source of events, the API still puts labels and events of its own on the Kinesis stream.
    """
    kinesis = KinesisReader(settings.events_stream, offsets, stop, poll_interval=settings.poll_interval)
    if settings.event_source is EventSource.KINESIS:
        return [kinesis]
    return [kinesis, KafkaReader(settings.kafka_topic, offsets, stop, connect=lambda: kafka.consumer(settings))]


def prepare(
    settings: EngineSettings, engine: Engine, lease: Lease, views: Views
) -> tuple[runs.Begun, Configuration, Catalog, dict[str, str], int]:
    """Bring everything to the newest stored assessment: (ends before, configuration, catalog, offsets, sequence)."""
    started = time.monotonic()
    with engine.begin() as connection:
        configuration = configurations.ensure_first(connection, settings.thresholds, now=datetime.now(UTC))
        catalog = definitions.current(connection)
        offsets = batch_writer.load_offsets(connection, stream_epoch=settings.stream_epoch)
        leases.check(connection, lease.epoch)
        begun = runs.begin(connection, offsets | imports.positions(connection))
    watermark, sequence = recovery.redo(engine, lease.epoch, catalog)
    take_back(engine, lease.epoch, sequence, catalog)
    views.rebuild(engine)
    with engine.connect() as connection:
        # The last engine may have died between storing and publishing these; readers ignore repeats.
        again = batch_writer.assessments_after(connection, max(watermark, sequence - TOLD_AGAIN))
        alerts = batch_writer.alerts_of(connection, [row["event_id"] for row in again])
    views.publish(UpdateType.ASSESSMENTS, (data for _, data in sequenced(again)))
    views.publish(UpdateType.ALERT, (alert.model_dump_json().encode() for alert in alerts))
    logger.info(
        "profiles and views are at sequence %d, %d events met again, in %.2f s",
        sequence,
        len(again),
        time.monotonic() - started,
    )
    return begun, configuration, catalog, offsets, sequence


if __name__ == "__main__":
    sys.exit(main())
