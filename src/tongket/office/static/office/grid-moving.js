/* How does the keyboard move over the cells? As in Excel: a cell is either chosen as a
   whole, or (after typing, F2 or a second click) its text is being edited. */

const NOTHINGS = { "-": "-", "–": "-", x: "x", X: "x" };

export const moving = (sheet, block, keys) => {
  const edit = (cell, isOn) => {
    if (isOn) cell.input.dataset.mode = "edit";
    else delete cell.input.dataset.mode;
  };
  const go = (cell, isChoosing = false) => {
    if (!cell) return false;
    const from = sheet.of(document.activeElement);
    cell.input.focus();
    cell.input.select();
    if (isChoosing) block.reach(cell, from);
    return true;
  };
  const step = (cell, by) => {
    const shown = sheet.reachable;
    return shown[shown.indexOf(cell) + by];
  };
  /* The first or the last cell of a section; `by` sections further. */
  const ofSection = (cell, isLast, by = 0) => {
    const sections = [...new Set(sheet.reachable.map((each) => each.section))];
    const section = sections[sections.indexOf(cell.section) + by];
    const inside = sheet.reachable.filter((each) => each.section === section);
    return isLast ? inside.at(-1) : inside[0];
  };
  const target = (cell, event) => {
    const isEditing = cell.input.dataset.mode === "edit";
    const isFar = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case "ArrowDown": return isFar ? ofSection(cell, true) : step(cell, 1);
      case "ArrowUp": return isFar ? ofSection(cell, false) : step(cell, -1);
      case "Home": return isFar ? sheet.reachable[0] : !isEditing && ofSection(cell, false);
      case "End": return isFar ? sheet.reachable.at(-1) : !isEditing && ofSection(cell, true);
      case "PageDown": return !isFar && (ofSection(cell, false, 1) ?? sheet.reachable.at(-1));
      case "PageUp": return !isFar && (ofSection(cell, false, -1) ?? sheet.reachable[0]);
      default: return undefined;
    }
  };
  /* Keys that fill: the same into every chosen cell. */
  const fill = (cell, event) => {
    if (sheet.isReadOnly || event.ctrlKey || event.metaKey) return false;
    const cells = block.cells(cell);
    const isEmptying = event.key === "Delete" || event.key === "Backspace";
    const text = isEmptying ? "" : event.key === "0" && cells.length > 1 ? "0" : NOTHINGS[event.key];
    if (text === undefined) return false;
    sheet.write(cells.map((each) => [each, text]));
    cell.input.select();
    return true;
  };
  const whole = (cell, event) => {
    if (event.key === "ArrowLeft" && event.shiftKey) return block.widen(1, cell), true;
    if (event.key === "ArrowRight" && event.shiftKey) return block.widen(-1, cell), true;
    if (event.key === "F2" && !event.shiftKey) {
      edit(cell, true);
      cell.input.setSelectionRange(cell.input.value.length, cell.input.value.length);
      return true;
    }
    return fill(cell, event);
  };
  const escape = (cell) => {
    cell.input.value = cell.kept;
    edit(cell, false);
    block.clear();
    cell.input.select();
    cell.input.dispatchEvent(new Event("input", { bubbles: true }));
    edit(cell, false);
    return true;
  };
  const enter = (cell, event) => {
    if (event.ctrlKey || event.metaKey) return false;
    block.clear();
    const next = step(cell, event.shiftKey ? -1 : 1);
    if (next) return go(next);
    sheet.leave(cell); // Enter never sends by accident; the button does
    if (!event.shiftKey) sheet.form.querySelector("[data-send]")?.focus();
    return true;
  };
  const pressed = (cell, event) => {
    const isEditing = cell.input.dataset.mode === "edit";
    if (event.key === "Enter") return enter(cell, event);
    if (event.key === "Escape") return escape(cell);
    const found = target(cell, event);
    if (found !== undefined && found !== false) {
      if (!event.shiftKey) block.clear();
      return go(found, event.shiftKey) || true;
    }
    if (found === false) return false;
    if (["ArrowDown", "ArrowUp"].includes(event.key)) return true;
    return !isEditing && whole(cell, event);
  };
  sheet.form.addEventListener("keydown", (event) => {
    const cell = sheet.of(event.target);
    if (!cell || event.isComposing || event.altKey) return;
    if (keys(cell, event) || pressed(cell, event)) event.preventDefault();
  });
  sheet.form.addEventListener("input", (event) => {
    const cell = sheet.of(event.target);
    if (!cell) return;
    edit(cell, true);
    block.clear();
  });
  sheet.form.addEventListener("click", (event) => {
    const cell = sheet.of(event.target);
    if (cell && event.detail > 1) edit(cell, true);
  });
  sheet.form.addEventListener("focusin", (event) => sheet.of(event.target)?.input.select());
  const left = (target) => sheet.of(target) ?? sheet.boxes.of(target);
  sheet.form.addEventListener("focusout", (event) => {
    const cell = left(event.target);
    if (cell) sheet.leave(cell);
  });
  // The tab may be closed from within a cell.
  addEventListener("pagehide", () => {
    const cell = left(document.activeElement);
    if (cell) sheet.leave(cell);
  });
  return go;
};
