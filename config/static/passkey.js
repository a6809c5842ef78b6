// Passkeys: ask the browser for one, put its answer into the form and send it (W3C WebAuthn Level 3). Without this file
// the forms stay hidden, and password, app and codes work.
"use strict";

function readBytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

function showBytes(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readKeys(keys) {
  return (keys ?? []).map((key) => ({ ...key, id: readBytes(key.id) }));
}

function readOptions(options) {
  const read = { ...options, challenge: readBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: readBytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = readKeys(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = readKeys(options.allowCredentials);
  // A passkey that the device can find by itself lets its owner in without typing an address.
  if (options.authenticatorSelection) {
    read.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "preferred" };
  }
  return read;
}

function showAnswer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = showBytes(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: showBytes(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function findOptions(form) {
  const written = form.querySelector("script[type='application/json']");
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function usePasskey(form) {
  const publicKey = readOptions((await findOptions(form)).publicKey);
  const way = form.dataset.passkey === "create" ? "create" : "get";
  const credential = await navigator.credentials[way]({ publicKey });
  form.querySelector("[name=credential]").value = JSON.stringify(showAnswer(credential));
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // Enter in the field of the name
      button.click();
    });
    button.addEventListener("click", async () => {
      failed.hidden = true;
      button.disabled = true;
      try {
        await usePasskey(form);
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
}
