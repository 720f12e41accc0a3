/* How do blocks go to Excel and come from it? */

import { counted, plain } from "./grid-numbers.js";
import { word } from "./grid-words.js";

const escaped = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/* Numbers with their value, so that Excel and LibreOffice read 1.554 in any language. */
const asTable = (rows) => {
  const cell = (text) => {
    const number = /^\d/.test(text) ? counted(text) : NaN;
    const value = Number.isNaN(number) ? "" : ` x:num="${number}" sdval="${number}"`;
    return `<td${value}>${escaped(text)}</td>`;
  };
  const lines = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  return `<table>${lines.join("")}</table>`;
};

export const asLines = (text) =>
  text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t").map((each) => each.trim()));

/* Pairs of cell and text. A block that carries the labels is placed by them; a bare
   column goes down from the cell, over headings when it has a blank where each stands. */
export const placed = (sheet, lines, start) => {
  const labels = new Map(sheet.cells.map((cell) => [plain(cell.label), cell]));
  const labelled = lines.map((line) => {
    const at = line.findIndex((text) => labels.has(plain(text)));
    if (at < 0) return null;
    const cell = labels.get(plain(line[at]));
    return [cell, valueBeside(cell, line.slice(at + 1))];
  });
  if (labelled.some(Boolean)) return labelled.filter(Boolean);
  const column = lines.length === 1 ? lines[0] : lines.map((line) => line.at(-1));
  const rows = [...sheet.form.querySelectorAll("tr.group, tr.line")].filter((row) => !row.hidden);
  const below = rows
    .slice(rows.indexOf(start.row))
    .map((row) => sheet.of(row.querySelector('input[name^="cell."]')));
  const isSameShape = below.slice(0, column.length).every((cell, at) => cell || !column[at]);
  const targets = isSameShape ? below : below.filter(Boolean);
  return column.map((text, at) => [targets[at], text]).filter(([cell, text]) => cell || text);
};

/* A row as this page copies it has the unit of measure first and this period where the
   table has it; of any other row the last number counts. */
const valueBeside = (cell, rest) => {
  const columns = [...cell.row.children];
  const own = columns.indexOf(cell.input.closest("td")) - 1;
  const isOurs = plain(rest[0] ?? "") === plain(columns[1].firstChild?.textContent ?? "");
  if (isOurs && rest.length > own) return rest[own];
  return rest.filter(Boolean).at(-1) ?? "";
};

export const clipboard = (sheet, block, say) => {
  const focused = (event) => sheet.of(event.target);
  const copy = (event) => {
    const cell = focused(event);
    if (!cell) return null;
    const { selectionStart, selectionEnd } = cell.input;
    const isWhole = selectionEnd - selectionStart === cell.input.value.length;
    if (!block.isWide && (cell.input.dataset.mode === "edit" || !isWhole)) return null;
    const rows = block.rows(cell);
    event.preventDefault();
    event.clipboardData.setData("text/plain", rows.map((row) => row.join("\t")).join("\r\n"));
    event.clipboardData.setData("text/html", asTable(rows));
    return block.cells(cell);
  };
  sheet.form.addEventListener("copy", (event) => {
    const cells = copy(event);
    if (cells?.length > 1) say(word("copied", { count: cells.length }));
  });
  sheet.form.addEventListener("cut", (event) => {
    const cells = copy(event);
    if (cells && !sheet.isReadOnly) sheet.write(cells.map((cell) => [cell, ""]));
  });
  sheet.form.addEventListener("paste", (event) => {
    const cell = focused(event);
    if (!cell || sheet.isReadOnly) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = asLines(text);
    const isOne = lines.length === 1 && lines[0].length === 1;
    if (isOne && (!block.isWide || block.cells().length < 2)) {
      if (cell.input.dataset.mode === "edit") return; // into the text, as anywhere
      event.preventDefault();
      sheet.write([[cell, lines[0][0].slice(0, 24)]]);
      cell.input.select();
      return;
    }
    event.preventDefault();
    const pairs = isOne ? block.cells().map((each) => [each, lines[0][0]]) : placed(sheet, lines, cell);
    const kept = pairs.filter(([each]) => each);
    sheet.write(kept.map(([each, value]) => [each, value.slice(0, 24)]));
    kept.at(-1)?.[0].input.focus();
    const left = pairs.length - kept.length;
    const told = [word("pasted", { count: kept.length }), left && word("left", { count: left })];
    say(told.filter(Boolean).join(" "));
  });
};
