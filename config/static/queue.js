// One claim by keyboard: j and k go to the next and the previous one, a accepts, q asks, r announces a refusal, u undoes.
// Each key presses a button or link that is on the page, so nothing is possible by key that is not seen.
"use strict";

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

let isBusy = false; // a key that is held down decides on one claim only

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || isBusy) return;
  const target = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  if (!target) return;
  event.preventDefault();
  isBusy = true;
  target.click();
});

window.addEventListener("pageshow", () => {
  isBusy = false;
});

// Each minute: this page is open still. The answer says who else has it open.
const others = document.querySelector("[data-others]");

async function sayPresent() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (document.hidden || !token) return;
  const answer = await fetch(others.dataset.url, {
    method: "POST",
    headers: { "X-CSRFToken": token.value, Accept: "application/json" },
  });
  if (!answer.ok) return;
  const names = (await answer.json()).others;
  others.querySelector("[data-names]").textContent = names.join(", ");
  others.hidden = !names.length;
}

if (others) setInterval(() => sayPresent().catch(() => {}), 30_000);
