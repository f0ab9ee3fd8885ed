from pathlib import Path

import pytest

from deploy import cli, theme
from deploy.app import create_app
from deploy.settings import CannotStart, from_environment
from deploy.theme import PAIRS, Sheet, Theme, contrast
from grants.web.render import STYLESHEET

OURS = STYLESHEET.read_text(encoding="utf-8")
TOWN = """
/* A town of our own making: its link is too pale, the rest is fine. */
:root { --town-green: hsl(150 60% 22%); --utrecht-link-hover-color: #123456 }
.town-theme {
  --town-pale: rgb(140, 190, 250);
  --utrecht-link-color: var(--town-pale);
  --utrecht-button-primary-action-background-color: var(--town-missing, var(--town-green));
  --utrecht-button-primary-action-color: white;
  --utrecht-heading-1-font-size: 40px;
  --utrecht-accordion-color: red;
}
@media print { .town-theme { --utrecht-page-footer-color: red } }
.town-theme--dark { --utrecht-page-header-color: red }
"""


def of(**tokens: str) -> Theme:
    body = ";".join(f"--utrecht-{name.replace('_', '-')}: {value}" for name, value in tokens.items())
    return theme.check(f".town {{{body}}}", "town", OURS)


def given_up(found: Theme) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.pair.what, one.tokens) for one in found.given_up]


def test_of_a_theme_only_what_we_read_is_taken_worked_out_and_without_what_cannot_be_read() -> None:
    found = theme.check(TOWN, "town-theme", OURS)
    assert found.css == (
        ":root.town-theme{--utrecht-button-primary-action-background-color:hsl(150 60% 22%);"
        "--utrecht-button-primary-action-color:white;--utrecht-heading-1-font-size:2.5rem;"
        "--utrecht-link-hover-color:#123456;}\n"
    )
    assert given_up(found) == [("link on the page", ("--utrecht-link-color",))]
    assert [one.said for one in found.found if not one.holds] == [
        "link on the page: contrast 1.83, needs 4.5",
        "link on a card or a field: contrast 1.93, needs 4.5",
    ]


def test_our_own_values_hold_without_a_theme() -> None:
    sheet = Sheet(OURS)
    assert [pair.what for pair in PAIRS if sheet.ratio(pair, {}) < pair.least] == []


def test_every_colour_of_the_stylesheet_stands_in_a_pair() -> None:
    """A line between things carries no meaning of its own."""
    paired = {name for pair in PAIRS for name in (pair.front, pair.back)}
    assert set(Sheet(OURS).colours) - paired == {"--mb-line"}


def test_no_token_is_read_outside_the_rule_that_is_checked() -> None:
    after = OURS.partition(":root {")[2].partition("}")[2]
    assert [
        part for part in ("--utrecht-", "--denhaag-", "--nl-", "--basis-") if f"var({part}" in after
    ] == []


def test_first_the_text_is_given_up_then_what_is_behind_it() -> None:
    assert given_up(of(page_footer_background_color="#333", page_footer_color="#444")) == [
        ("page footer", ("--utrecht-page-footer-color",)),
        ("page footer", ("--utrecht-page-footer-background-color",)),
    ]


def test_the_edge_of_a_field_needs_three_and_text_four_and_a_half() -> None:
    assert given_up(of(form_control_border_color="#8f8f8f")) == []
    assert given_up(of(form_control_border_color="#a0a0a0")) == [
        ("edge of a field", ("--utrecht-form-control-border-color",))
    ]
    assert given_up(of(link_color="#8f8f8f")) == [("link on the page", ("--utrecht-link-color",))]


@pytest.mark.parametrize("value", ["calc(1px + 2px)", "oklch(40% 0.1 200)", "currentcolor", "geel"])
def test_what_cannot_be_read_as_a_colour_is_not_used(value: str) -> None:
    assert of(link_color=value).tokens == {}


@pytest.mark.parametrize("value", ["var(--utrecht-link-color)", "var(--nowhere)", ""])
def test_a_token_without_a_value_is_no_token(value: str) -> None:
    assert of(link_color=value, link_hover_color="#123").tokens == {"--utrecht-link-hover-color": "#123"}


def test_a_see_through_colour_counts_as_it_looks() -> None:
    assert given_up(of(document_color="rgb(0 0 0 / 90%)")) == []
    assert given_up(of(document_color="rgb(0 0 0 / 40%)")) == [
        ("text on the page", ("--utrecht-document-color",))
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [((0, 0, 0), (1, 1, 1), 21.0), ((1, 1, 1), (1, 1, 1), 1.0), ((0.4667,) * 3, (1, 1, 1), 4.48)],
)
def test_contrast_is_that_of_wcag(one: tuple[float, ...], other: tuple[float, ...], ratio: float) -> None:
    found = contrast((one[0], one[1], one[2], 1.0), (other[0], other[1], other[2], 1.0))
    assert found == pytest.approx(ratio, abs=0.005)


def test_a_theme_that_is_not_there_is_told_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read as text"):
        theme.read(str(tmp_path / "none.css"), "town-theme", OURS)
    with pytest.raises(CannotStart, match=r"under the class \.other"):
        theme.check(".town { --utrecht-link-color: red }", "other", OURS)


def test_a_start_says_what_it_gives_up_and_serves_one_stylesheet(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "town.css"
    file.write_text(TOWN, encoding="utf-8")
    environ = {"DEMO": "1", "THEME_CLASS": "town-theme", "THEME_CSS": str(file)}
    app = create_app(from_environment({f"MEEBESLIS_{name}": value for name, value in environ.items()}))
    assert [record.getMessage() for record in caplog.records] == [
        "theme: link on the page: contrast 1.83, needs 4.5; our own value instead of --utrecht-link-color"
    ]
    shelf = app.state.shelf
    body = shelf.asset(shelf.url("meebeslis.css").removeprefix("/static/")).body.decode()
    assert body == theme.check(TOWN, "town-theme", OURS).css + OURS


def test_the_command_prints_every_pair_and_fails_with_the_theme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "town.css"
    file.write_text(TOWN, encoding="utf-8")
    assert cli.main(["theme", "check", str(file), "--class", "town-theme"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PAIRS) + 2
    assert "fails  1.83 of 4.5  link on the page" in lines
    assert lines[-2:] == ["not used: --utrecht-link-color", f"{len(PAIRS)} pairs, 2 fail"]
    file.write_text(TOWN.replace("140, 190, 250", "0, 60, 140"), encoding="utf-8")
    assert cli.main(["theme", "check", str(file), "--class", "town-theme"]) == 0
    assert cli.main(["theme", "check", str(tmp_path / "none"), "--class", "town-theme"]) == 1
