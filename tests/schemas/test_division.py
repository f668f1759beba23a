"""Which county a text is about: only where the text leaves no doubt."""

from schemas.division import county_named_in, divisions, full_name


def test_full_name_names_what_is_above() -> None:
    assert full_name("220102") == "吉林省长春市南关区"
    assert full_name("371302") == "山东省临沂市兰山区"


def test_a_municipality_is_named_once() -> None:
    assert full_name("110101") == "北京市东城区"


def test_a_county_named_in_the_headline() -> None:
    assert county_named_in("南关区召开科技创新总结表彰大会") == "220102"


def test_a_short_form_names_no_county() -> None:
    assert county_named_in("南关召开科技创新总结表彰大会") is None


def test_four_counties_of_one_name_are_told_apart_by_their_city() -> None:
    gulou = {code for code, division in divisions().items() if division.name == "鼓楼区"}
    assert gulou == {"320106", "320302", "350102", "410204"}
    assert county_named_in("鼓楼区举办书展") is None
    assert county_named_in("鼓楼区举办书展", "记者从福州市获悉") == "350102"


def test_two_counties_leave_a_doubt() -> None:
    assert county_named_in("南关区与兰山区签署协议") is None


def test_a_new_district_in_its_own_name() -> None:
    assert county_named_in("新区建设提速") is None
