// The small price of the start form (claims/base/proofs.py): find the number that makes a key. This file is both the
// script of the page and its worker. Without it the form works too, and the mail leaves a little later.
"use strict";

const ROUNDS = 1000; // as in claims/base/proofs.py
const PATIENCE = 30000; // ms after which the form goes without an answer

function readHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function showHex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function findNumber(puzzle) {
  const [, tries, salt, target] = puzzle.split(".");
  const key = await crypto.subtle.importKey("raw", readHex(salt), "PBKDF2", false, ["deriveBits"]);
  const number = new DataView(new ArrayBuffer(4));
  for (let tried = 0; tried < Number(tries); tried++) {
    number.setUint32(0, tried);
    const method = { name: "PBKDF2", hash: "SHA-256", salt: number.buffer, iterations: ROUNDS };
    if (showHex(await crypto.subtle.deriveBits(method, key, target.length * 4)) === target) return String(tried);
  }
  return "";
}

function askWorker(puzzle, source) {
  const policy = window.trustedTypes?.createPolicy("proof", { createScriptURL: () => source });
  return new Promise((resolve) => {
    const worker = new Worker(policy ? policy.createScriptURL("") : source);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => resolve("");
    worker.postMessage(puzzle);
  });
}

function prove(form, source) {
  const { puzzle, answer } = form.elements;
  const solved = askWorker(puzzle.value, source).then((number) => (answer.value = number), () => {});
  let isWaiting = false;
  form.addEventListener("submit", async (event) => {
    if (answer.value || event.submitter?.name === "language") return;
    event.preventDefault();
    if (isWaiting) return;
    isWaiting = true;
    form.querySelector("[role=status]").textContent = form.dataset.proof;
    await Promise.race([solved, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    form.submit();
  });
}

if (typeof document === "undefined") {
  addEventListener("message", async ({ data }) => postMessage(await findNumber(data)));
} else {
  const form = document.querySelector("form[data-proof]");
  if (form?.elements.puzzle) prove(form, document.currentScript.src);
}
