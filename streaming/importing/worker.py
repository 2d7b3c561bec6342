"""The importer: reads uploaded files for the engine, beside it in one task.

A preview waits for no import: files are previewed on one thread and read on another. What was begun goes on after a
restart: a file is read again, and queued from where the import stopped. Progress goes to browsers once a second.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from risk.adapters.kinesis import kinesis_client
from risk.adapters.stream_contracts import ImportProgress, UpdateType
from risk.adapters.updates import put_updates
from risk.config.secrets import database_url
from risk.config.settings import ImporterSettings
from risk.domain.errors import Conflict, RiskError
from risk.store.db.engine import create_pool
from risk.store.imports import imports, uploads
from risk.store.imports.imports import Import, ImportStatus
from streaming.importing import loading
from streaming.importing.loading import Interrupted
from streaming.importing.refused_rows import RefusedFile
from streaming.importing.source import plan, records
from streaming.importing.uploaded_file import describe, options_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger("streaming.importing")

LOOK_SECONDS = 0.5
TOLD_SECONDS = 1.0
_PART = 1 << 20
_WANTED = (ImportStatus.UPLOADED, ImportStatus.PLANNED, ImportStatus.RUNNING)


class Gone(RiskError):
    """The uploaded file is not kept any more."""


class Files:
    """Uploaded files, fetched once into ``folder``."""

    def __init__(self, storage: S3Client, bucket: str, folder: Path) -> None:
        self._storage, self._bucket, self._folder = storage, bucket, folder

    def fetch(self, one: Import) -> Path:
        """The local copy of the file; ``Gone`` if it has expired."""
        path = self._folder / str(one.id) / Path(one.name).name
        if path.exists():
            return path
        path.parent.mkdir(exist_ok=True)
        try:
            body = self._storage.get_object(Bucket=self._bucket, Key=one.upload or "")["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise Gone("the uploaded file is not kept any more; upload it again") from error
            raise
        draft = self._folder / f"{one.id}.draft"
        with draft.open("wb") as file:
            for part in body.iter_chunks(_PART):
                file.write(part)
        return draft.rename(path)

    def refused(self, one: Import) -> RefusedFile:
        """Where its refused rows are written."""
        return RefusedFile(self._folder / f"{one.id}.refused.csv")

    def keep(self, one: Import, refused: RefusedFile) -> None:
        """Put the refused rows beside the uploaded file."""
        refused.close()
        if refused.count:
            with refused.path.open("rb") as body:
                self._storage.put_object(
                    Bucket=self._bucket, Key=uploads.refused_key(one), Body=body, ContentType="text/csv; charset=utf-8"
                )

    def held(self) -> list[int]:
        """The imports with a local copy."""
        return [int(path.name) for path in self._folder.iterdir() if path.is_dir()]

    def forget(self, import_id: int) -> None:
        """Delete the local copy, and the refused rows."""
        shutil.rmtree(self._folder / str(import_id), ignore_errors=True)
        (self._folder / f"{import_id}.refused.csv").unlink(missing_ok=True)


class Importer:
    """Carries out what the API asks for."""

    def __init__(self, engine: Engine, files: Files, stop: threading.Event, changed: Callable[[int], None]) -> None:
        self._engine, self._files, self._stop, self._changed = engine, files, stop, changed

    def preview(self) -> None:
        """Preview what waits for it."""
        with self._engine.connect() as connection:
            waiting = uploads.to_preview(connection)
        for import_id in waiting:
            one = self._get(import_id)
            try:
                found, source = describe(self._files.fetch(one), one.options, datetime.now(UTC))
            except (RiskError, OSError) as error:
                found, source = {"error": {"field": "file", "detail": str(error)}}, None
            except (ClientError, BotoCoreError):
                raise
            except Exception:
                logger.exception("import %d cannot be previewed", import_id)
                found, source = {"error": {"field": "file", "detail": "this file cannot be read"}}, None
            with self._engine.begin() as connection:
                uploads.previewed(connection, one, found, source or one.source)
            self._changed(import_id)

    def load(self) -> None:
        """Read what was started to its end, import by import."""
        with self._engine.connect() as connection:
            started = uploads.to_load(connection)
        for import_id in started:
            if self._stop.is_set():
                return
            one = self._get(import_id)
            logger.info("import %d is read from chunk %d on", one.id, one.written)
            with suppress(Interrupted, Conflict):
                self._load(one)
        for import_id in self._files.held():
            if self._get(import_id).status not in _WANTED:
                self._files.forget(import_id)

    def _get(self, import_id: int) -> Import:
        with self._engine.connect() as connection:
            return imports.get(connection, import_id)

    def _load(self, one: Import) -> None:
        try:
            path, options = self._files.fetch(one), options_of(one.options)
            plans = [plan(path, options)]
        except (RiskError, OSError) as error:
            self._fail(one, str(error))
            return
        refused, share = self._files.refused(one), _Share(self._engine, one.id, self._stop)
        try:
            with records(plans, one.started_at or one.created_at, options, refuse=refused, at=share) as found:
                loading.put_up(
                    self._engine, one, found, stop=self._stop, before_end=lambda: self._files.keep(one, refused)
                )
        except (RiskError, OSError) as error:
            if isinstance(error, Conflict):
                raise
            logger.warning("import %d failed: %s", one.id, error)
        except (SQLAlchemyError, ClientError, BotoCoreError, Interrupted):
            raise  # tried again
        except Exception:
            logger.exception("import %d failed", one.id)
            self._fail(one, "this file cannot be read to its end")
        finally:
            refused.close()

    def _fail(self, one: Import, detail: str) -> None:
        with self._engine.begin() as connection:
            imports.fail(connection, one.id, detail, at=datetime.now(UTC))


class _Share:
    """Notes how much of a file is read, once a second; ends the reading of what is not wanted any more."""

    def __init__(self, engine: Engine, import_id: int, stop: threading.Event) -> None:
        self._engine, self._import_id, self._stop = engine, import_id, stop
        self._next = datetime.now(UTC).timestamp()

    def __call__(self, position: int, size: int) -> None:
        if self._stop.is_set():
            raise Interrupted
        now = datetime.now(UTC).timestamp()
        if now < self._next and position < size:
            return
        self._next = now + TOLD_SECONDS
        with self._engine.begin() as connection:
            if not uploads.note_share(connection, self._import_id, min(1.0, position / max(size, 1))):
                raise Interrupted


class Progress:
    """Tells browsers how imports stand, whenever that changes."""

    def __init__(self, engine: Engine, tell: Callable[[list[ImportProgress]], None]) -> None:
        self._engine, self._tell = engine, tell
        self._told: dict[int, ImportProgress] = {}
        self._news: list[int] = []

    def changed(self, import_id: int) -> None:
        """Tell of this import even if it looks as before: its preview is another."""
        self._news.append(import_id)

    def look(self) -> None:
        """Tell what has changed since the last look."""
        while self._news:
            self._told.pop(self._news.pop(), None)
        with self._engine.connect() as connection:
            found = [_progress(one) for one in uploads.in_progress(connection, list(self._told))]
        changed = [one for one in found if self._told.get(one.id) != one]
        if changed:
            self._tell(changed)
        ended = (ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.UNDONE)
        self._told = {one.id: one for one in found if one.status not in ended}


def _progress(one: Import) -> ImportProgress:
    return ImportProgress(
        id=one.id, status=one.status.value, read_share=one.read_share, loaded=one.loaded, refused=one.refused
    )


def _publish(stream: str, items: list[ImportProgress]) -> None:
    packed = (one.model_dump_json().encode() for one in items)
    for failure in put_updates(kinesis_client(), stream, UpdateType.IMPORT, packed, attempts=2):
        logger.error("an update was not pushed: %s", failure.message)


def _repeat(name: str, seconds: float, action: Callable[[], None], stop: threading.Event) -> threading.Thread:
    def run() -> None:
        while not stop.wait(seconds):
            try:
                action()
            except (SQLAlchemyError, ClientError, BotoCoreError) as error:
                logger.warning("%s: %s; tried again", name, error)
                stop.wait(5)
            except Exception:
                logger.exception("%s failed; the importer starts again", name)
                os._exit(1)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    return thread


def run(engine: Engine, files: Files, tell: Callable[[list[ImportProgress]], None], stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    progress = Progress(engine, tell)
    importer = Importer(engine, files, stop, progress.changed)
    threads = [
        _repeat("previews", LOOK_SECONDS, importer.preview, stop),
        _repeat("imports", LOOK_SECONDS, importer.load, stop),
        _repeat("progress", TOLD_SECONDS, progress.look, stop),
    ]
    for thread in threads:
        thread.join()


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    import boto3

    settings = ImporterSettings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = create_pool(
        partial(database_url, settings), application="risk-importer", size=4, proxied=bool(settings.database_proxy)
    )
    with tempfile.TemporaryDirectory(prefix="risk-uploads-") as folder:
        files = Files(boto3.client("s3"), settings.uploads_bucket, Path(folder))
        run(engine, files, partial(_publish, settings.updates_stream), stop)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
