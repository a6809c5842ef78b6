// The list of claims by keyboard: j and k go through the rows, o opens one, x selects, / goes to the search. Nothing is
// decided here: a and q open the claim of the row, where the next Enter accepts or goes to the question.
// Without this script every row is a plain link, and the buttons of the keys are not there.
"use strict";

const queue = document.querySelector("[data-queue]");
const keys = document.querySelector("[data-keys]");

function listRows() {
  return queue ? [...queue.querySelectorAll("tbody tr")] : [];
}

function markRow(row) {
  for (const other of listRows()) {
    other.classList.toggle("here", other === row);
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  row.querySelector("th a").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function findHere() {
  const rows = listRows();
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : rows.findIndex((row) => row.classList.contains("here"));
}

function step(by) {
  const rows = listRows();
  const place = findHere();
  if (rows.length) markRow(rows[place < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, place + by))]);
}

function openAt(place) {
  const row = listRows()[Math.max(0, findHere())];
  if (row && keys?.querySelector('[data-key="a"]')) location.assign(`${row.querySelector("th a").href}#${place}`);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => listRows()[Math.max(0, findHere())]?.querySelector("th a").click(),
  a: () => openAt("accept"),
  q: () => openAt("ask"),
  x: () => {
    if (findHere() < 0) step(1);
    listRows()[findHere()]?.querySelector('input[type="checkbox"]')?.click();
  },
  "/": () => document.querySelector("#find")?.focus(),
  f: () => document.querySelector("#id_q")?.focus(),
};

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

if (keys) {
  keys.hidden = false;
  keys.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key]");
    if (button) KEYS[button.dataset.key]?.();
  });
}
