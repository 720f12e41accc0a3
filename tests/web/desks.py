"""What does a person do at the entry form in a real browser?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Desk:
    """A person's browser at the office: opens pages by name, reads and fills cells."""

    def __init__(self, page: "Page", root: str) -> None:
        self.page, self.root = page, root

    def go(self, name: str, *arguments: Any) -> None:
        """Open a page by its name."""
        self.page.goto(self.root + reverse(name, args=arguments))
        if name == "return-entry":
            self.page.wait_for_selector("#entry[data-ready]")

    def input(self, measure: str) -> "Locator":
        """Return the box of a cell."""
        return self.page.locator(f'[name="cell.{measure}"]')

    def cell(self, measure: str) -> str:
        """Return what stands in a cell."""
        return self.input(measure).input_value()

    def focus(self, measure: str) -> None:
        """Put the cursor into a cell, as the keyboard does."""
        self.input(measure).focus()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type_into(self, measure: str, text: str) -> None:
        """Type a text into a cell and leave it."""
        self.focus(measure)
        self.page.keyboard.type(text)
        self.press("Enter")

    def state(self, measure: str) -> "Locator":
        """Return the sign at a cell that says whether it is saved."""
        return self.page.locator(f"#state-{measure}")

    def saved(self, *measures: str) -> None:
        """Wait until cells are marked as saved."""
        for measure in measures:
            expect(self.state(measure)).to_have_attribute("data-state", "saved")

    def paste(self, measure: str, text: str) -> None:
        """Paste a block, as Excel puts it on the clipboard, into a cell."""
        self.focus(measure)
        self.page.evaluate(
            """text => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              const all = {clipboardData: data, bubbles: true, cancelable: true};
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", all));
            }""",
            text,
        )

    def copied(self, kind: str = "text/plain", how: str = "copy") -> str:
        """Return what copying (or cutting) puts on the clipboard."""
        return self.page.evaluate(
            """([kind, how]) => {
              const data = new DataTransfer();
              const all = {clipboardData: data, bubbles: true, cancelable: true};
              document.activeElement.dispatchEvent(new ClipboardEvent(how, all));
              return data.getData(kind);
            }""",
            [kind, how],
        )

    @property
    def status(self) -> "Locator":
        """The line that says whether everything is safe."""
        return self.page.locator("#entry .saved")

    def dialog(self, name: str) -> "Locator":
        """Return a dialog of the page."""
        return self.page.locator(f"dialog#{name}")

    @property
    def focused(self) -> str:
        """The name of what has the cursor."""
        return self.page.evaluate("document.activeElement.name ?? ''")

    @property
    def kept_here(self) -> int:
        """How many cells wait on this machine."""
        kept = self.page.evaluate("Object.keys(localStorage)")
        return sum(key.startswith("tongket:o:") for key in kept)

    def nothing_waits(self) -> None:
        """Wait until the server has every cell that was left."""
        for _ in range(100):
            if not self.kept_here:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.kept_here} cells still wait to be sent")

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth > innerWidth")


Open = Callable[..., Desk]
