"""Where things stand in the window: what leaves it, lies on something else, is cut, or too small to press.

Measured by the browser, in CSS pixels, of all that is displayed at this moment.
"""

from tests.e2e.hands import Keys

FAULTS = """() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const HIDDEN = ".away, .visually-hidden, .skip, [hidden]"; // said, and not shown
  const OVER = "#exit"; // follows the reader down the page, over what scrolls by
  const LEAST = 24; // WCAG 2.2, 2.5.8
  const found = [], wide = document.documentElement.clientWidth;
  const shown = it => it.checkVisibility({ visibilityProperty: true }) && !it.closest(HIDDEN);
  const begins = it => it.textContent.trim().slice(0, 30);
  const called = it => `${it.localName}#${it.id || it.closest("[id]")?.id} "${begins(it)}"`;
  const around = "button, .button, summary, legend, label, dd, dt, li, p";
  const over = (a, b) => ({
    width: Math.min(a.right, b.right) - Math.max(a.left, b.left),
    height: Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  });

  const wider = document.documentElement.scrollWidth - wide;
  if (wider > 0) found.push(`wider by ${wider}`);
  for (const it of document.body.querySelectorAll("*")) {
    if (!shown(it) || it.localName === "option") continue;
    for (const box of it.getClientRects()) {
      if (box.left < -0.5 || box.right > wide + 0.5) found.push(`leaves the window: ${called(it)}`);
    }
    const style = getComputedStyle(it);
    // Browsers cut what they say of the files that were picked; the page lists them whole.
    const cuts = style.display !== "inline" && style.overflowX !== "visible" && it.type !== "file";
    if (cuts && it.scrollWidth > it.clientWidth + 1) {
      found.push(`is cut: ${called(it)}`);
    }
  }

  const lines = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const it = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(it) || it.closest("option, textarea, " + OVER)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      lines.push({ it, box });
      const within = it.closest(around)?.getBoundingClientRect() ?? box;
      // A blank at the end of a line may hang over.
      const out = box.left < within.left - 1 || box.right > within.right + 8;
      if (out || box.left < -0.5 || box.right > wide + 0.5) found.push(`words leave ${called(it)}`);
    }
  }
  const controls = [...document.querySelectorAll(CONTROLS)].filter(it => shown(it) && !it.closest(OVER));
  const boxes = controls.flatMap(it => [...it.getClientRects()].map(box => ({ it, box })));
  const apart = (a, b) => !a.it.contains(b.it) && !b.it.contains(a.it);
  const lies = (a, b, least) => {
    const { width, height } = over(a.box, b.box);
    return width > 1 && height > least * Math.min(a.box.height, b.box.height);
  };
  // Of letters, the upper edge of one line reaches into the lower edge of the one above it.
  const pairs = [[boxes, boxes, 0.1], [boxes, lines, 0.35], [lines, lines, 0.45]];
  for (const [some, others, least] of pairs) for (const [at, a] of some.entries()) {
    for (const b of some === others ? others.slice(at + 1) : others) {
      if (apart(a, b) && lies(a, b, least)) found.push(`${called(a.it)} lies on ${called(b.it)}`);
    }
  }

  for (const it of controls) {
    const target = it.closest("label") ?? document.querySelector(`label.choice[for="${it.id}"]`) ?? it;
    const box = target.getBoundingClientRect();
    // A link in a sentence is as high as its line.
    const inline = it.localName === "a" && getComputedStyle(it).display === "inline"
      && it.parentElement.textContent.trim() !== it.textContent.trim();
    if (!inline && Math.min(box.width, box.height) < LEAST) {
      found.push(`${Math.round(box.width)} x ${Math.round(box.height)} is small: ${called(it)}`);
    }
  }
  return [...new Set(found)];
}"""
# How much of what has the focus the way out covers, and how much of it is in the window: parts of its area.
COVERED = """() => {
  const it = document.activeElement, exit = document.getElementById("exit");
  const box = it.getBoundingClientRect();
  const common = (a, b, c, d) => Math.max(0, Math.min(a, b) - Math.max(c, d));
  const part = (left, top, right, bottom) => common(box.right, right, box.left, left)
    * common(box.bottom, bottom, box.top, top) / (box.width * box.height || 1);
  const by = exit.getBoundingClientRect();
  return [it === exit ? 0 : part(by.left, by.top, by.right, by.bottom), part(0, 0, innerWidth, innerHeight)];
}"""


def faults(keys: Keys) -> list[str]:
    """What is wrong with the page as it stands in the window."""
    found: list[str] = keys.look(FAULTS)
    return found


def covered(keys: Keys) -> tuple[float, float]:
    """How much of what has the focus the way out lies on, and how much of it the window shows: 0 to 1."""
    by_exit, in_window = keys.look(COVERED)
    return by_exit, in_window
