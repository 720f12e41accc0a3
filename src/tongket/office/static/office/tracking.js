// Arrow keys move between the cells of the board; Home and End along a row.
(() => {
  "use strict";
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const link = (table, row, column) => {
    const cell = table.rows[row] && table.rows[row].cells[column];
    return cell && cell.querySelector("a");
  };

  const move = (table, from, [down, along]) => {
    let row = from.parentElement.rowIndex + down;
    let column = from.cellIndex + along;
    while (table.rows[row] && table.rows[row].cells[column]) {
      const found = link(table, row, column);
      if (found) return found;
      row += down;
      column += along;
    }
    return null;
  };

  const ends = { Home: (links) => links[0], End: (links) => links[links.length - 1] };

  for (const table of document.querySelectorAll("table[data-grid]")) {
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td, th");
      if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
      let found = null;
      if (STEPS[event.key]) found = move(table, cell, STEPS[event.key]);
      if (ends[event.key]) found = ends[event.key](cell.parentElement.querySelectorAll("a"));
      if (!found) return;
      event.preventDefault();
      found.focus();
      found.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }
})();
