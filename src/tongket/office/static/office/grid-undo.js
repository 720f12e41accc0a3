/* How is a step taken back? Undoing is itself an edit: it is saved like any other, and
   the history of the cell shows it. What another person changed since is left alone. */

export class Steps {
  constructor(sheet) {
    this.sheet = sheet;
    this.done = [];
    this.undone = [];
    sheet.whenLeft((changed, isUndo) => {
      if (isUndo) return;
      this.done.push(changed.map(([cell, before]) => ({ cell, before, after: cell.kept })));
      this.undone = [];
    });
  }

  /* Take back the last step: the cells that were changed, those left alone. */
  undo() { return this.turn(this.done, this.undone, "after", "before"); }

  redo() { return this.turn(this.undone, this.done, "before", "after"); }

  turn(from, to, now, then) {
    const step = from.pop();
    if (!step) return null;
    const mine = step.filter((each) => each.cell.isSame(each.cell.kept, each[now]));
    this.sheet.write(mine.map((each) => [each.cell, each[then]]), true);
    if (mine.length) to.push(mine);
    return { cells: mine.map((each) => each.cell), left: step.length - mine.length };
  }
}
