"""A site's file is data: what is wrong with it is said by file, key and what was expected."""

from pathlib import Path

import pytest

from schemas.site import SiteError, load_site
from spiders.families import FAMILIES
from spiders.registry import UnknownSiteError, get_site, load_sites

GOOD = """
id = "somewhere"
name = "某某区人民政府"
url = "http://www.somewhere.example/"
division = "371302"
family = "vsb"

[[columns]]
id = "yw"
name = "要闻"
url = "/xw/yw.htm"
"""


@pytest.fixture
def write(tmp_path: Path):
    def _write(text: str) -> Path:
        path = tmp_path / "somewhere.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_column_addresses_become_absolute(write) -> None:
    assert load_site(write(GOOD)).column("yw").url == "http://www.somewhere.example/xw/yw.htm"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('family = "vsb"', 'famly = "vsb"', "famly: unknown key"),
        ('name = "某某区人民政府"\n', "", "name: missing"),
        ('"371302"', '"371399"', "division: expected a six-digit GB/T 2260 division code"),
        ('"http://www.somewhere.example/"', '"www.somewhere.example"', "url: expected an absolute"),
        ('"/xw/yw.htm"', '"http://elsewhere.example/yw.htm"', "on none of the site's hosts"),
        ('id = "yw"', 'id = "要闻"', "columns.0.id: expected lower-case letters"),
        ('id = "somewhere"', 'id = "elsewhere"', "id: expected 'somewhere', as the file is named"),
        ('id = "somewhere"', "id = somewhere", "not valid TOML"),
        (
            "[[columns]]",
            "[politeness]\ndelay_seconds = 0.1\n[[columns]]",
            "politeness.delay_seconds: expected at least 0.5, got 0.1",
        ),
        (
            "[[columns]]",
            "[attachments]\nfetch = true\nmax_byte = 1_000\n[[columns]]",
            "attachments.max_byte: unknown key",
        ),
        ('division = "371302"', 'division = "371302"\ncron = "daily"', "expected five cron fields"),
    ],
)
def test_a_bad_file_says_file_key_and_what_was_expected(
    write, old: str, new: str, expected: str
) -> None:
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(SiteError) as error:
        load_site(path)
    assert str(error.value).startswith(f"{path}: ")
    assert expected in str(error.value)


@pytest.mark.parametrize("site", load_sites().values(), ids=lambda site: site.id)
def test_every_site_names_a_family_that_there_is(site) -> None:
    assert site.family in FAMILIES


def test_an_unknown_site_is_told_what_there_is() -> None:
    with pytest.raises(UnknownSiteError, match=r"no site 'nowhere'; there are: .*lanshan"):
        get_site("nowhere")


def test_lanshan_is_the_one_of_linyi() -> None:
    site = get_site("lanshan")
    assert (site.name, site.division, site.host) == ("兰山区人民政府", "371302", "www.lyls.gov.cn")
    assert site.column("lsyw").url == "http://www.lyls.gov.cn/xw/lsyw.htm"


def test_jdxwwcn_belongs_to_no_division() -> None:
    site = get_site("jdxwwcn")
    assert (site.name, site.division) == ("中国焦点新闻网", None)
