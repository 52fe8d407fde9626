// The clerk's page: one counter, all day. It draws what the feed says and sends what the keys mean.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import * as actions from "./clerk/actions.js";
import * as asking from "./clerk/asking.js";
import { middlePane, rightPane, waitingPane } from "./clerk/panes.js";
import { changed, drawNow, drawWith, serviceName, standing, state } from "./clerk/state.js";
import * as work from "./clerk/work.js";
import { clockText, now } from "./clock.js";
import * as dialogs from "./dialogs.js";
import { follow } from "./feed.js";
import { both, loadTexts, t } from "./i18n.js";
import { button, chip, languageButton, linkChip, notice, plate } from "./parts.js";

const TICK_MS = 1000;
const HALL_MS = 10 * 60000; // Rules change seldom; names of new services are asked for at once.
const SCAN_MS = 60; // A scanner types faster than any finger.
const root = document.getElementById("page");

// Drawing

function draw() {
  if (!state.view) return render(html`<p class="loading">${state.link === "lost" ? t("clerk.lost-start") : t("page.loading")}</p>`, root);
  document.title = title();
  render(html`<div class="app ${state.link === "lost" ? "lost" : ""}">${bar()}${needsReason() ? onBehalf() : nothing}<div class="columns" data-ready=${actions.isReady() ? "yes" : "no"}>${waitingPane()}${middlePane()}${rightPane()}</div></div>`, root);
  dialogs.redrawDialog();
}

function title() {
  const { view } = state;
  const counter = t("clerk.counter-n", { label: view.label });
  const lost = state.link === "lost" ? `${t("page.link-lost")} · ` : "";
  return lost + (view.ticket ? `${view.ticket.shown} · ${counter}` : counter);
}

const STATE_CHIPS = { closed: ["", "lock"], open: ["", "clock"], calling: ["signal", "speak"], serving: ["enamel", "play"], paused: ["warn", "pause"] };

function bar() {
  const { view, busy } = state;
  const [fresh, name] = STATE_CHIPS[view.state];
  const kind = state.link === "live" ? fresh : ""; // What may be old must not look fresh.
  const isHere = ["mine", "acting"].includes(standing());
  const off = Boolean(busy) || state.link !== "live" || !isHere;
  const isOpen = view.state !== "closed";
  return html`<header class="bar">${button({ kind: "icon list", icon: "people", words: String(view.waiting_count), label: t("clerk.show-list", { count: view.waiting_count }), expanded: state.isListOpen, press: toggleList })}
    ${plate(view.label, !isOpen)}<h1 title=${services()}>${services()}</h1>
    ${chip(kind, name, t.of("page.counter", view.state))}${view.paused && view.state !== "paused" ? chip("warn", "pause", t("page.counter-paused")) : nothing}
    <span class="space"></span>${linkChip(state.link)}
    <button type="button" class="b quiet me" @click=${leave} title=${t("page.sign-out")}><span class="words">${state.me.name}</span></button>
    ${view.paused ? button({ icon: "play", words: t("clerk.resume"), press: actions.resume, off: off || !isOpen }) : button({ icon: "pause", words: t("clerk.pause"), press: actions.pause, off: off || !isOpen })}
    ${button({ icon: "lock", words: t("clerk.close"), press: actions.closeCounter, off: off || !isOpen })}
    ${button({ kind: "quiet icon", icon: "info", label: t("clerk.keys"), press: asking.keys })}${languageButton(changed)}
    <time>${clockText(now())}</time></header>`;
}

const services = () => state.view.services.map((one) => both(serviceName(one))).join(" · ");

// A manager who acts for a clerk says why, once for this page.
const needsReason = () => state.me.role === "manager";

const onBehalf = () =>
  html`<div class="behalf">${notice("warn", "info", t("clerk.on-behalf"), html`<input class="in" maxlength="500" aria-label=${t("clerk.on-behalf-reason")} placeholder=${t("clerk.on-behalf-reason")} .value=${state.onBehalf} @input=${(event) => {
    state.onBehalf = event.target.value.trim();
  }}>`)}</div>`;

function toggleList() {
  state.isListOpen = !state.isListOpen;
  changed();
}

let isLeaving = false;

async function leave() {
  const isOpen = standing() === "mine";
  const what = isOpen ? await asking.signOut() : "leave";
  if (!what) return;
  isLeaving = true; // The feed ends with the session; that is no news then.
  try {
    if (what === "close") await api.act("POST", `/counters/${state.counter}/close`);
    await api.signOut();
    location.assign("/sign-in");
  } catch (fault) {
    isLeaving = false;
    if (fault.status === 401) return api.goSignIn();
    state.notice = { kind: "stop", icon: "unlink", words: fault instanceof api.Refused ? fault.text : t("page.unreachable") };
    changed();
  }
}

// Keys

const KEYS = {
  F2: () => actions.goOn(),
  F4: () => state.view.ticket?.state === "called" && actions.recall(),
  F7: () => state.view.ticket?.state === "called" && actions.start(),
  F8: () => state.view.ticket && actions.transfer(),
  F9: () => state.view.ticket && actions.finish(false),
  "Shift+F9": () => state.view.ticket && actions.hold(),
  F10: () => state.view.ticket?.state === "called" && actions.absent(),
};

const isWriting = (element) => element.matches("input, textarea, select");
let digit = "";
let digitTimer = 0;
let typedAt = -Infinity;

function keyed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const name = `${event.shiftKey ? "Shift+" : ""}${event.key}`;
  if (KEYS[name]) {
    event.preventDefault();
    if (!event.repeat && !dialogs.isOpen() && mayAct()) KEYS[name]();
    return;
  }
  if (dialogs.isOpen() || isWriting(event.target)) return;
  if (event.key === "Enter" && performance.now() - typedAt < SCAN_MS) return event.preventDefault(); // A scan with nobody here presses no button.
  if (event.key.length === 1) typedAt = performance.now();
  if (!state.view?.ticket) return;
  if (event.key.length !== 1 || event.key === " ") return;
  if (digit || !/^[1-6]$/.test(event.key)) return scan(event);
  event.preventDefault();
  if (event.repeat) return;
  digit = event.key;
  digitTimer = setTimeout(chooseOutcome, SCAN_MS);
}

// Closed, or another's: F2 alone may act there, and asks first.
const mayAct = () => state.view && state.link === "live";

function chooseOutcome() {
  const outcome = work.OUTCOMES[Number(digit) - 1];
  digit = "";
  if (["mine", "acting"].includes(standing()) && state.view.ticket) work.setOutcome(outcome);
}

// What comes faster than a finger, or is no digit, is a code on its way to the field.
function scan(event) {
  const input = document.getElementById("dossier");
  if (!input) return;
  clearTimeout(digitTimer);
  event.preventDefault();
  input.value += digit + event.key;
  digit = "";
  input.focus();
}

// Life

async function learn() {
  [state.hall, state.reasons] = await Promise.all([api.get("/hall"), state.reasons ?? api.get("/reasons")]);
  changed();
}

/** Keep asking until the hall answers: a page opened while the server restarts comes up by itself. */
async function insist(work_) {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return await work_();
    } catch (fault) {
      if (fault.status === 401) return api.goSignIn();
      state.link = "lost";
      changed();
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

function shown(view) {
  if (view.state === "gone") return location.assign("/counter");
  state.view = view;
  const known = new Set(state.hall.services.map((one) => one.id));
  if (view.services.some((one) => !known.has(one))) learn().catch(() => null);
  drawNow();
}

function linked(link, lostAt) {
  if (link === "ended") return isLeaving ? undefined : api.goSignIn();
  const wasLost = state.link === "lost";
  state.link = link;
  state.lostAt = lostAt;
  if (link === "live" && wasLost) {
    state.notice = null;
    learn().catch(() => null);
    api.session().catch(() => null); // The word that changes carry may be another after a new sign-in.
  }
  changed();
}

await loadTexts();
state.counter = Number(document.documentElement.dataset.counter);
drawWith(draw);
state.me = await insist(() => api.session());
if (!state.me) api.goSignIn();
else {
  await insist(learn);
  state.link = "";
  follow({ view: "counter", counter: state.counter }, { view: shown, link: linked });
  setInterval(changed, TICK_MS);
  setInterval(() => learn().catch(() => null), HALL_MS);
  addEventListener("keydown", keyed);
}
