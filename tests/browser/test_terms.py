"""Terms of the glossary in a browser: their definitions can be read with the mouse and with the keyboard."""

from playwright.sync_api import expect

from tests.browser.reading import MAIN


def test_a_term_says_what_it_means_on_hover_and_on_focus(open_page):
    page = open_page("depth", depth_card="why")
    term = page.locator(f"{MAIN} .term", has_text="training error").first
    expect(term).to_have_attribute("title", "The share of training pictures that the network gets wrong.")
    page.locator(f"{MAIN} h1").click()
    for _ in range(30):
        page.keyboard.press("Tab")
        if term.evaluate("term => term === document.activeElement"):
            break
    assert term.evaluate("term => getComputedStyle(term, '::after').content").startswith('"The share of training')
