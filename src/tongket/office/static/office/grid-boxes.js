/* What explains each row, and the whole return? A box of words is kept as a cell is: saved
   when it is left, queued without a line, asked about when two people wrote. */

import { word } from "./grid-words.js";

export const EXPLAIN = "explain.";

export class Box {
  constructor(input, version, seen = null) {
    this.input = input;
    this.key = input.name; // explain.<row>, or explain.* for the whole return
    this.row = input.parentElement;
    this.kept = this.text; // what was last saved or is on its way
    this.seen = seen ?? [version, Number(input.dataset.edit ?? 0)];
    this.state = "";
  }

  get text() { return this.input.value.trim(); }
  get label() { return this.input.labels[0]?.textContent ?? word("words"); }
  get code() { return ""; }
  get isBox() { return true; }
  get isBlank() { return this.text === ""; }
  get isTyped() { return this.text !== this.kept; } // not yet left
  isSame(one, other) { return one.trim() === other.trim(); }
}

/* The boxes of a sheet: those that came with the page, and those that a finding asks for
   or that another person's words want. `show` makes the box of a row. */
export class Boxes {
  constructor(sheet, show) {
    Object.assign(this, { sheet, show });
    this.known = new Map(); // name → [text, revision] that the server told of
    this.byKey = new Map();
    for (const input of sheet.form.querySelectorAll(`textarea[name^="${EXPLAIN}"]`)) this.take(input);
  }

  get all() { return [...this.byKey.values()]; }
  of(target) { return target?.name ? this.all.find((box) => box.input === target) : undefined; }

  take(input) {
    const [text, seen] = this.known.get(input.name) ?? ["", null];
    if (text && !input.value) input.value = text;
    const box = new Box(input, this.sheet.version, seen);
    this.byKey.set(box.key, box);
    return box;
  }

  /* The box of a name, made when the page has none; undefined when its row is not here. */
  get(key) {
    const found = this.byKey.get(key);
    if (found?.input.isConnected) return found;
    const cell = this.sheet.byKey.get(key.slice(EXPLAIN.length));
    const input = cell && this.show(cell);
    return input ? this.byKey.get(key) ?? this.take(input) : undefined;
  }

  /* Show what the server holds; true when another text stands there now. */
  hear(key, text, seen) {
    this.known.set(key, [text, seen]);
    const there = this.byKey.get(key);
    if (!text && !there?.input.isConnected) return false;
    const box = this.get(key);
    return Boolean(box) && this.sheet.take(box, text, seen);
  }
}
