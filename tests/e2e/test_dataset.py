"""The Dataset page in a real browser: a set is looked at, a scan gets another role, a fit is accepted."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import go, settled


def section(page: Page, title: str) -> None:
    page.locator(".st-key-dataset-section").get_by_text(title, exact=True).click()
    settled(page)


def test_from_a_built_in_set_to_an_accepted_fit(app: Page) -> None:
    go(app, "Dataset")
    expect(app.get_by_text("6 scans: 4 training, 1 validation, 1 test.")).to_be_visible(timeout=60_000)
    expect(app.locator("[class*=st-key-work-][class*=-cancel]")).to_have_count(0)
    section(app, "Line by line")
    app.get_by_role("button", name="Take the example").click()
    expect(app.get_by_text("How far the same value moves between scans")).to_be_visible(timeout=60_000)
    expect(app.locator(".js-plotly-plot")).to_have_count(4)
    section(app, "Leak")
    expect(app.get_by_text("every value comes out").first).to_be_visible(timeout=60_000)
    section(app, "Fit")
    app.get_by_role("button", name="Fit on the training scans").click()
    app.get_by_role("button", name="Accept").click(timeout=60_000)
    expect(app.get_by_text("The recipe holds numbers of 4 scans")).to_be_visible()
    go(app, "Recipe")
    expect(app.get_by_text("trained_on").first).to_be_visible()


def test_a_role_is_chosen_in_the_table(app: Page) -> None:
    go(app, "Dataset")
    expect(app.get_by_text("6 scans: 4 training, 1 validation, 1 test.")).to_be_visible(timeout=60_000)
    settled(app)
    table = app.get_by_test_id("stDataFrame")
    box = table.bounding_box()
    assert box is not None
    # The second column, first row: the table is a canvas.
    app.mouse.dblclick(box["x"] + 130, box["y"] + 48)
    app.get_by_role("option", name="left out").or_(app.get_by_text("left out", exact=True)).first.click()
    settled(app)
    expect(app.get_by_text("6 scans: 3 training, 1 validation, 1 test, 1 left out.")).to_be_visible(timeout=60_000)
