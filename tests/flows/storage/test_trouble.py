"""What goes wrong with a database comes out as one line with the way out."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from flows.storage.engine import DEFAULT_URL, URL_VARIABLE, database_url
from flows.storage.store import Store, StoreError
from tests.flows.storage.records import article, contents, deduped

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("news.db", "no database URL.*sqlite:///"),
        ("mysql://localhost/news", "expected sqlite or postgresql"),
        ("postgres://localhost/news", "expected sqlite or postgresql"),
        ("sqlite://", "need a file"),
        ("sqlite:///:memory:", "need a file"),
        ("sqlite:////proc/nowhere/news.db", "/proc/nowhere/news.db: .*folder that can be made"),
        ("postgresql://127.0.0.1:1/news", "refused.*start the server"),
        ("postgresql://user:secret@nowhere.invalid/news", "correct the host"),
    ],
)
def test_a_url_of_no_use(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match=r"news\.db: .*folder that can be made"):
        Store.open(f"sqlite:///{tmp_path}/data/news.db")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("no database, but long enough to be taken for one" * 99)
    with pytest.raises(StoreError, match=r"news\.db: file is not a database; restore"):
        Store.open(f"sqlite:///{tmp_path}/news.db")


def test_a_database_that_is_missing_on_the_server(postgresql_server: str) -> None:
    with pytest.raises(StoreError, match="does not exist; create it"):
        Store.open(postgresql_server.replace("/postgres?", "/nowhere?"))


async def test_a_full_disk_stores_nothing_by_half(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/news.db"
    with Store.open(database) as store:
        await store.save(deduped(article(1)))
    before = contents(database)

    store = Store.open(database)
    store._engine.dispose()

    @event.listens_for(store._engine, "connect")
    def limit(connection: Any, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")

    with pytest.raises(StoreError, match="disk is full; free some space"):
        await store.save(deduped(*(article(n, f"{n}" * 9999) for n in range(1, 29))))
    assert contents(database) == before
    store.close()


def test_which_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    assert str(database_url()) == DEFAULT_URL
    monkeypatch.setenv(URL_VARIABLE, "postgresql://news@db.example/news")
    assert database_url().host == "db.example"
    assert str(database_url("sqlite:///other.db")) == "sqlite:///other.db"


def test_the_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    Store.open().close()
    assert (tmp_path / "data" / "district-news.db").is_file()
