"""The house keeps its order: imports only point down, and what belongs on a floor stays there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ["schemas", "spiders", "flows"]
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
BELOW_FLOWS = [path for path in SOURCES if not path.is_relative_to(ROOT / "flows")]
STORAGE = (ROOT / "flows" / "storage", ROOT / "flows" / "locks.py")
OUTSIDE_STORAGE = [p for p in SOURCES if not any(p.is_relative_to(place) for place in STORAGE)]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_imports_point_down(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    assert not imported(path) & above


@pytest.mark.parametrize("path", BELOW_FLOWS, ids=shown)
def test_no_clock_below_flows(path: Path) -> None:
    assert not re.search(r"\b(?:datetime|date)\.(?:now|utcnow|today)\(", path.read_text("utf-8"))


@pytest.mark.parametrize("path", OUTSIDE_STORAGE, ids=shown)
def test_sql_only_in_storage(path: Path) -> None:
    assert not imported(path) & {"sqlalchemy", "sqlite3", "psycopg"}


def test_no_site_is_named_in_code() -> None:
    sites = [path.stem for path in (ROOT / "spiders" / "sites").rglob("*.toml")]
    hosts = re.compile("|".join([*sites, r"lyls\.gov\.cn", r"jdxwwcn\.com"]))
    # Help texts may show a site as an example.
    code = [path for path in SOURCES if "cli" not in path.parts]
    named = {
        shown(path)
        for path in code
        for line in path.read_text(encoding="utf-8").splitlines()
        if hosts.search(re.sub(r'""".*|#.*|such as .*|Example: .*|`.*`', "", line))
    }
    assert named <= {"schemas/division.py"}


def test_prefect_is_only_where_it_is_scheduled() -> None:
    users = {path for path in SOURCES if "prefect" in imported(path)}
    assert users
    assert all(path.is_relative_to(ROOT / "flows" / "orchestration") for path in users)
