"use strict";
// A click, or Enter, on a column's head sorts the rows by it, upwards first; what has no value stays last.
const compare = new Intl.Collator("en", { numeric: true }).compare;

function keyed(row, column) {
  const key = row.cells[column].dataset.key;
  return { row, key, number: Number(key) };
}

function sort(table, head) {
  const upwards = head.getAttribute("aria-sort") !== "ascending";
  const rows = Array.from(table.tBodies[0].rows, (row) => keyed(row, head.cellIndex));
  const known = rows.filter((each) => each.key !== undefined);
  const numbers = known.every((each) => each.key.trim() !== "" && !Number.isNaN(each.number));
  known.sort((one, other) => (upwards ? 1 : -1) * (numbers ? one.number - other.number : compare(one.key, other.key)));
  const unknown = rows.filter((each) => each.key === undefined);
  table.tBodies[0].append(...[...known, ...unknown].map((each) => each.row));
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", upwards ? "ascending" : "descending");
}

for (const table of document.querySelectorAll("table")) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head));
    head.append(button);
  }
}
