// Live progress of running jobs. Without this script the page has a plain link to look again.
"use strict";

const language = document.documentElement.lang;

function showNumber(element, number) {
  if (element && Number.isFinite(number)) element.textContent = number.toLocaleString(language);
}

function showTimeLeft(element, seconds) {
  if (!element) return;
  const { seconds: inSeconds, minutes: inMinutes } = element.dataset;
  if (seconds === null || seconds === undefined) element.textContent = "";
  else if (seconds < 90) element.textContent = inSeconds.replace("{n}", Math.max(1, seconds));
  else element.textContent = inMinutes.replace("{n}", Math.round(seconds / 60));
}

function showJob(element, job) {
  const progress = element.querySelector("progress");
  if (progress) progress.value = job.percent;
  showNumber(element.querySelector("[data-percent]"), job.percent);
  showNumber(element.querySelector("[data-done]"), job.units_done);
  showNumber(element.querySelector("[data-total]"), job.units_total);
  showTimeLeft(element.querySelector("[data-left]"), job.seconds_left);
}

async function followJob(element) {
  try {
    const answer = await fetch(element.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.status === 404 || answer.status === 403) return; // signed out, or no longer ours to see
    if (answer.ok) {
      const job = await answer.json();
      showJob(element, job);
      if (job.state !== "waiting" && job.state !== "running") return location.reload();
    }
  } catch {
    // The network is away: the next look may find it again.
  }
  setTimeout(followJob, document.hidden ? 10000 : 1000, element);
}

// A page that waits asks for itself in the background, and shows itself anew only when it has something else to say: who
// reads it, or has it read aloud, is not thrown back to its top meanwhile.
async function lookForNews(element) {
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !(await answer.text()).includes("data-reload-in")) return location.reload();
  } catch {
    // The network is away: the next look may find it again.
  }
  waitForNews(element);
}

function waitForNews(element) {
  setTimeout(lookForNews, 1000 * element.dataset.reloadIn, element);
}

for (const element of document.querySelectorAll("[data-job]")) followJob(element);
for (const element of document.querySelectorAll("[data-no-script]")) element.hidden = true;
for (const element of document.querySelectorAll("[data-reload-in]")) waitForNews(element);
