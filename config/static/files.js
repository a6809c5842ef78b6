// Files that were chosen and not sent yet go along with whoever goes on. Without this script they are sent by their button.
"use strict";

function sendChosen(event) {
  const files = document.getElementById(event.currentTarget.dataset.sends);
  if (!files.files.length) return;
  event.preventDefault();
  files.form.requestSubmit();
}

for (const element of document.querySelectorAll("[data-sends]")) element.addEventListener("click", sendChosen);
