/* Which rectangle of the table is chosen? It always holds the column that is filled in,
   and with Shift+Left or the mouse also the labels and the periods before. */

export class Block {
  constructor(sheet) {
    this.sheet = sheet;
    this.anchor = null; // the cell at which choosing began
    this.head = null; // the cell that moves
    this.left = 0; // how many columns to the left are chosen as well
    this.marked = [];
  }

  get isWide() { return Boolean(this.anchor) && (this.anchor !== this.head || this.left > 0); }

  /* The chosen cells from top to bottom; the focused one when no block is chosen. */
  cells(focused) {
    if (!this.anchor || !this.head) return focused ? [focused] : [];
    const shown = this.sheet.reachable;
    const ends = [shown.indexOf(this.anchor), shown.indexOf(this.head)].sort((a, b) => a - b);
    return shown.slice(ends[0], ends[1] + 1);
  }

  /* Choose from where choosing began to a cell. */
  reach(cell, from, left = this.left) {
    this.anchor ??= from;
    this.head = cell;
    this.left = left;
    this.show();
  }

  widen(step, focused) {
    this.anchor ??= focused;
    this.head ??= focused;
    const most = this.columns(focused).indexOf(focused.input.closest("td"));
    this.left = Math.max(0, Math.min(most, this.left + step));
    this.show();
  }

  clear() {
    this.anchor = this.head = null;
    this.left = 0;
    this.show();
  }

  columns(cell) { return [...cell.row.children]; }

  /* The chosen part of a row. */
  part(cell) {
    const columns = this.columns(cell);
    const own = columns.indexOf(cell.input.closest("td"));
    return columns.slice(own - this.left, own + 1);
  }

  show() {
    for (const each of this.marked) each.removeAttribute("data-chosen");
    this.marked = this.isWide ? this.cells().flatMap((cell) => this.part(cell)) : [];
    for (const each of this.marked) each.setAttribute("data-chosen", "");
  }

  /* What a column of a row says, as it is typed. */
  text(cell, column) {
    if (column.contains(cell.input)) return cell.text;
    if (column.tagName === "TH") return cell.label;
    return column.dataset.typed ?? column.firstChild?.textContent.trim() ?? "";
  }

  rows(focused) {
    return this.cells(focused).map((cell) => this.part(cell).map((column) => this.text(cell, column)));
  }
}

/* Choosing with the mouse: from cell to cell, also from the periods before. */
export const choosing = (sheet, block, go) => {
  let start = null;
  let isMouse = false;
  const at = (target) => {
    const column = target.closest?.("td.input, td.before, td.summed");
    const cell = column && sheet.of(column.parentElement.querySelector('input[name^="cell."]'));
    if (!cell) return null;
    const columns = block.columns(cell);
    const left = columns.indexOf(cell.input.closest("td")) - columns.indexOf(column);
    return { cell, left: Math.max(0, left) };
  };
  sheet.form.addEventListener("pointerdown", (event) => { isMouse = event.pointerType === "mouse"; });
  sheet.form.addEventListener("mousedown", (event) => {
    const found = isMouse && event.button === 0 && !event.target.closest("button, a, textarea") && at(event.target);
    if (!found) return;
    if (event.shiftKey && sheet.of(document.activeElement)) {
      event.preventDefault();
      const from = sheet.of(document.activeElement);
      go(found.cell);
      block.reach(found.cell, from, Math.max(block.left, found.left));
      return;
    }
    block.clear();
    start = found;
    if (document.activeElement === event.target) return; // the caret goes where it is clicked
    event.preventDefault();
    go(found.cell);
    if (found.left) block.reach(found.cell, found.cell, found.left);
  });
  sheet.form.addEventListener("mouseover", (event) => {
    if (!start || !(event.buttons & 1)) { start = null; return; }
    const found = at(event.target);
    if (!found || (found.cell === start.cell && found.left === start.left && !block.isWide)) return;
    go(found.cell);
    block.reach(found.cell, start.cell, Math.max(start.left, found.left));
  });
  addEventListener("mouseup", () => { start = null; });
};
