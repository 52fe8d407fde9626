import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from queue_server.procedures import Catalogue, Hit, Procedure, Saying, Words, index, load, read_query, search
from queue_server.procedures.folding import folded, is_one_mistake, without_keys, words_of

SAMPLE = index(load())
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẵắặầẫấậèẽéẹềễếệìĩíịòõóọồỗốộờỡớợùũúụừữứựỳỹýỵ ", max_size=60
)
ANYTHING = st.text(max_size=300) | VIETNAMESE


def codes(hits: list[Hit]) -> list[str]:
    """What was found, in its order."""
    return [hit.procedure.code for hit in hits]


def a_catalogue(*names: str, sayings: tuple[Saying, ...] = ()) -> Catalogue:
    """Procedures of these names, with the codes 1.000000, 1.000001 and so on."""
    procedures = tuple(
        Procedure(code=f"1.{number:06d}", name=name, short_name=Words(name)) for number, name in enumerate(names)
    )
    return Catalogue(source="test", snapshot_date=date(2026, 7, 20), procedures=procedures, sayings=sayings)


@given(query=ANYTHING, limit=st.integers(-5, 500))
def test_no_text_makes_a_search_fail(query: str, limit: int) -> None:
    """The search box is public: whatever is pasted into it, a list comes back, each procedure once."""
    hits = search(SAMPLE, query, limit)
    assert len(hits) <= min(max(limit, 1), 50)
    assert len(set(codes(hits))) == len(hits)


@given(query=ANYTHING)
def test_composed_and_decomposed_text_finds_the_same(query: str) -> None:
    """Some phones send ế as one character and some as three; nobody can see the difference."""
    composed, decomposed = unicodedata.normalize("NFC", query), unicodedata.normalize("NFD", query)
    assert read_query(composed) == read_query(decomposed)
    assert search(SAMPLE, composed) == search(SAMPLE, decomposed)


@given(query=VIETNAMESE)
def test_accents_and_capitals_change_nothing(query: str) -> None:
    """On a touch keyboard people leave accents out, or have capitals on."""
    assert search(SAMPLE, folded(query)) == search(SAMPLE, query) == search(SAMPLE, query.upper())


def test_nothing_asked_shows_the_most_common() -> None:
    """The page is of use before anything is typed."""
    assert codes(search(SAMPLE, "  \n", 3)) == [one.code for one in load().procedures[:3]]
    assert {hit.why for hit in search(SAMPLE, "")} == {"common"}


def test_each_procedure_is_found_by_its_code_alone() -> None:
    """A citizen sent here with a code on a slip of paper must land on exactly that procedure."""
    for procedure in load().procedures:
        assert search(SAMPLE, procedure.code, 10) == [Hit(procedure, "code")]


def test_each_procedure_is_found_by_its_names() -> None:
    """What stands on our own key must lead there."""
    for procedure in load().procedures:
        for name in (procedure.short_name.vi, procedure.short_name.en, procedure.name):
            assert procedure.code in codes(search(SAMPLE, name, 3)), name


def test_words_that_nobody_here_knows_find_nothing() -> None:
    """A wrong procedure costs a citizen more than "not found, please ask"."""
    assert search(SAMPLE, "pizza") == []
    assert search(SAMPLE, "????") == []


def test_a_long_query_is_cut_and_says_so() -> None:
    """A person who pastes a letter is told that only its beginning counts."""
    long = read_query("đăng ký khai sinh " + "x" * 1000)
    assert long.is_cut
    assert len(long.text) <= 200
    assert not read_query("á" * 200).is_cut
    assert not read_query(unicodedata.normalize("NFD", "ế" * 200)).is_cut
    assert read_query("  đăng \n ký ").text == "đăng ký"
    assert codes(search(SAMPLE, "đăng ký khai sinh" + " " * 10_000_000, 1)) == ["1.001193"]


def test_the_shorter_name_comes_first() -> None:
    """Who types "khai sinh" means the plain one, not its five special cases."""
    ready = index(a_catalogue("Đăng ký khai sinh lưu động tại nhà", "Đăng ký khai sinh", "Đăng ký lại khai sinh"))
    assert codes(search(ready, "khai sinh"))[0] == "1.000001"


def test_sayings_reach_procedures_that_no_person_described() -> None:
    """An imported catalogue has no synonyms of its own, and citizens say "sổ đỏ" all the same."""
    names = ("Cấp đổi Giấy chứng nhận quyền sử dụng đất", "Đăng ký khai tử", "Sổ theo dõi đo đạc")
    ready = index(a_catalogue(*names, sayings=(Saying(("sổ đỏ",), "giấy chứng nhận quyền sử dụng đất"),)))
    assert "1.000000" in codes(search(ready, "doi so do", 2))


def test_an_empty_catalogue_is_searched_in_vain() -> None:
    """Before the first import there is nothing to find, and nothing to fail."""
    empty = index(a_catalogue())
    assert search(empty, "") == search(empty, "khai sinh") == search(empty, "1.0") == []


def test_folding_keeps_what_tells_words_apart() -> None:
    """Letters that only spelling customs tell apart are one; giấy and giải stay two."""
    assert words_of("Đăng KÝ, lý/lí quý") == ("dang", "ki", "li", "li", "qui")
    assert words_of("giấy") != words_of("giải")


def test_typing_keys_are_read_as_letters() -> None:
    """Telex and VNI keys stay in the text where the input method is off."""
    assert [without_keys(word) for word in ("ddawng", "khaur", "chuwngs", "thuwcj", "d9a8ng", "giaays", "14")] == [
        *("dang", "khau", "chung", "thuc", "dang", "giay", ""),
    ]


def test_one_mistake_is_one_letter_or_two_swapped() -> None:
    """More than that makes other words of Vietnamese syllables."""
    assert all(is_one_mistake("sinh", other) for other in ("sinhh", "snih", "sih", "sing", "xsinh"))
    assert not any(is_one_mistake("sinh", other) for other in ("sinh", "snhi1", "si", "hnis", ""))


@given(one=st.text("abc", max_size=5), other=st.text("abc", max_size=5))
def test_mistakes_are_the_same_from_both_sides(one: str, other: str) -> None:
    """The index may hold either word."""
    assert is_one_mistake(one, other) == is_one_mistake(other, one)
