/* What stands in each cell of the form, and which revision of it has the typist seen?
   A cell's revision is [version of the return, number of the edit]. */

import { EXPLAIN } from "./grid-boxes.js";
import { isSame } from "./grid-numbers.js";

export class Cell {
  constructor(input, version) {
    this.input = input;
    this.key = input.name.slice(5); // after "cell."
    this.row = input.closest("tr");
    this.name = document.getElementById(`name-${this.key}`);
    // what was last saved or is on its way; what the page filled in for us is not yet
    this.kept = "prefilled" in input.dataset ? "" : this.text;
    this.seen = [version, Number(input.dataset.edit ?? 0)];
    this.state = "";
    this.findings = [];
  }

  get text() { return this.input.value.trim(); }
  get label() { return this.name.textContent; }
  get code() { return this.row.querySelector(".code")?.textContent ?? ""; }
  get isBox() { return false; }
  get isBlank() { return this.text === ""; }
  get isTyped() { return this.text !== this.kept; } // not yet left
  get isHidden() { return this.row.hidden; }
  get section() { return this.row.parentElement; }
  isSame(one, other) { return isSame(one, other); }
}

export class Sheet {
  constructor(form) {
    this.form = form;
    this.version = Number(form.dataset.version);
    this.isReadOnly = "closed" in form.dataset;
    const inputs = [...form.querySelectorAll('input[name^="cell."]')];
    this.cells = inputs.map((input) => new Cell(input, this.version));
    this.byKey = new Map(this.cells.map((cell) => [cell.key, cell]));
    this.byInput = new Map(this.cells.map((cell) => [cell.input, cell]));
    this.listeners = [];
  }

  of(target) { return this.byInput.get(target); }

  /* A cell, or the box that explains one, by its name in the queue. */
  find(key) { return key.startsWith(EXPLAIN) ? this.boxes.get(key) : this.byKey.get(key); }

  get reachable() { return this.cells.filter((cell) => !cell.isHidden); }
  get filled() { return this.cells.filter((cell) => !cell.isBlank).length; }

  /* Keep what the page filled in, as if it had been typed; how many cells that were. */
  keepPrefilled() {
    const filled = this.cells.filter((cell) => "prefilled" in cell.input.dataset && cell.isTyped);
    return this.write(filled.map((cell) => [cell, cell.text]));
  }

  /* Be told of every cell that was left with another text: fn([[cell, before], …]). */
  whenLeft(listener) { this.listeners.push(listener); }

  /* Keep what stands in a cell that is being left. */
  leave(cell) { this.write([[cell, cell.text]]); }

  /* Put texts into cells and keep them, all as one step. */
  write(pairs, isUndo = false) {
    if (this.isReadOnly) return 0;
    const changed = [];
    for (const [cell, text] of pairs) {
      delete cell.input.dataset.mode;
      const shown = cell.isSame(cell.kept, text) ? cell.kept : text.trim();
      if (cell.input.value !== shown) cell.input.value = shown;
      if (shown === cell.kept) continue;
      changed.push([cell, cell.kept]);
      cell.kept = shown;
    }
    if (changed.length) for (const listener of this.listeners) listener(changed, isUndo);
    return changed.length;
  }

  /* Show what the server holds, unless it is older than what is here or being typed over;
     true when another text stands there now. */
  take(cell, text, [version, edit]) {
    const [ownVersion, ownEdit] = cell.seen;
    if (version < ownVersion || (version === ownVersion && edit < ownEdit)) return false;
    const isOther = !cell.isSame(cell.kept, text);
    if (isOther && cell.isTyped) return false; // it will clash, and be asked about
    cell.seen = [version, edit];
    if (cell.isTyped) return false;
    cell.kept = text;
    if (cell.input.value !== text) cell.input.value = text;
    return isOther;
  }
}
