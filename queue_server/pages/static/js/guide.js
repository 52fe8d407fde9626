// The guide's page: a tablet in the hall. It draws what the feed says and does what fingers and keys ask, once.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import { clockText, minutesSince, now } from "./clock.js";
import * as dialogs from "./dialogs.js";
import { follow } from "./feed.js";
import * as actions from "./guide/actions.js";
import * as asking from "./guide/asking.js";
import { bookingTab, findTab } from "./guide/find.js";
import { drawGiant } from "./guide/giant.js";
import { hallTab } from "./guide/hall.js";
import { hallNotices, issueTab } from "./guide/issue.js";
import { proceduresTab } from "./guide/search.js";
import { changed, drawNow, drawWith, go, state } from "./guide/state.js";
import { done, ticketPane } from "./guide/ticket.js";
import { both, loadTexts, t } from "./i18n.js";
import { icon } from "./icons.js";
import { button, languageButton, linkChip, notice, plate } from "./parts.js";

const TICK_MS = 5000;
const HALL_MS = 10 * 60000; // Rules change seldom; names of new services are asked for at once.
const REFRESH_MS = 1000; // The open ticket follows the hall, once a second at most.
const root = document.getElementById("page");
const TABS = [
  ["issue", "ticket", "guide.tab-issue"],
  ["find", "search", "guide.tab-find"],
  ["hall", "people", "guide.tab-hall"],
  ["procedures", "papers", "guide.tab-procedures"],
  ["booking", "cal", "guide.tab-booking"],
];
const PANES = { issue: issueTab, find: findTab, hall: hallTab, procedures: proceduresTab, booking: bookingTab };

// Drawing

function draw() {
  document.title = title();
  if (!state.view || !state.hall) return render(html`<p class="loading">${state.link === "lost" ? t("guide.lost-start") : t("page.loading")}</p>`, root);
  render(
    html`<div class="app ${state.link === "lost" ? "lost" : ""}" data-ready=${actions.isReady() ? "yes" : "no"}>${bar()}${alerts()}
      <nav class="tabs" aria-label=${t("guide.parts")}>${TABS.map(tab)}</nav>
      <main id="content"><h1 class="sr">${t("guide.title")}</h1><div class="told">${lostNotice()}${hallNotices()}${said()}</div>${state.ticket ? ticketPane() : PANES[state.tab]()}</main></div>`,
    root,
  );
  dialogs.redrawDialog();
  drawGiant();
}

function title() {
  const lost = state.link === "lost" ? `${t("page.link-lost")} · ` : "";
  const asking_ = state.view?.alerts.length ? `(${state.view.alerts.length}) ` : "";
  return `${lost}${asking_}${t("guide.title")} · ${document.documentElement.dataset.hall}`;
}

const bar = () =>
  html`<header class="bar"><p class="hall-name">${both(state.hall.name)}<b>${t("guide.title")}</b></p><span class="space"></span>${linkChip(state.link)}
    <button type="button" class="b quiet me" @click=${leave} title=${t("page.sign-out")}><span class="words">${state.me.name}</span></button>
    ${button({ kind: "quiet icon", icon: "info", label: t("guide.keys"), press: asking.keys })}${languageButton(changed)}<time>${clockText(now())}</time></header>`;

const tab = ([name, picture, words]) =>
  html`<button type="button" aria-current=${state.tab === name ? "page" : nothing} @click=${() => go(name)}>${icon(picture)}<span>${t(words)}</span></button>`;

// Who calls for help stands above everything, whatever the guide does.
function alerts() {
  const list = state.view.alerts;
  return html`<div class="alerts" role="alert">${list.map(
    (one) =>
      html`<div class="alert">${icon(one.kind === "kiosk" ? "ask" : "help")}${one.kind === "counter" ? plate(one.label) : nothing}<b class="long">${one.kind === "counter" ? t("guide.counter-asks") : t("guide.kiosk-asks", { name: one.label })}</b><span>${ago(one.since)}</span>${button({ icon: "check", words: t("guide.attend"), label: t("guide.attend-of", { name: one.label }), press: () => actions.attend(one), off: Boolean(state.busy) || state.link !== "live" })}</div>`,
  )}</div>`;
}

function ago(instant) {
  const count = minutesSince(instant);
  return count ? t("guide.minutes", { count }) : t("guide.just-now");
}

function lostNotice() {
  if (state.link !== "lost") return nothing;
  const time = clockText(now() - (performance.now() - state.lostAt));
  return html`<div role="alert">${notice("stop", "unlink", t("guide.lost", { time }), t("guide.lost-works"))}</div>`;
}

// Said once, politely, and left there until the next thing happens.
const said = () => html`<div role="status">${state.notice ? notice(state.notice.kind, state.notice.icon, state.notice.words, state.notice.more ?? nothing) : nothing}</div>`;

let isLeaving = false;

async function leave() {
  if (!(await dialogs.confirm(t("page.sign-out"), t("guide.sign-out-lead"), t("page.sign-out")))) return;
  isLeaving = true; // The feed ends with the session; that is no news then.
  try {
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

const PRIMARY = { issue: () => actions.issue(true), find: () => actions.find(), booking: () => actions.checkIn() };
const KEYS = {
  F2: () => (state.ticket ? done() : PRIMARY[state.tab]?.()),
  F4: () => go("find"),
  F7: () => go("hall"),
  F8: () => go("procedures"),
  F9: () => go("booking"),
  Escape: () => state.ticket && done(),
};

function keyed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if (!KEYS[event.key] || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (!event.repeat && state.view) KEYS[event.key]();
}

// Life

async function learn() {
  [state.hall, state.reasons] = await Promise.all([api.get("/hall"), state.reasons ?? api.get("/reasons")]);
  changed();
}

/** Keep asking until the hall answers: a page opened while the server restarts comes up by itself. */
async function insist(work) {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return await work();
    } catch (fault) {
      if (fault.status === 401) return api.goSignIn();
      state.link = "lost";
      changed();
      await new Promise((done_) => setTimeout(done_, wait));
    }
  }
}

let refreshDue = 0;

function follows() {
  if (!state.ticket || refreshDue) return;
  refreshDue = setTimeout(() => {
    refreshDue = 0;
    actions.refresh();
  }, REFRESH_MS);
}

let seen = -1;

function shown(view, sequence) {
  state.view = view;
  const known = new Set(state.hall.services.map((one) => one.id));
  if (view.services.some((one) => !known.has(one.id))) learn().catch(() => null);
  if (sequence !== seen) follows();
  seen = sequence;
  drawNow();
}

function linked(link, lostAt) {
  if (link === "ended") return isLeaving ? undefined : api.goSignIn();
  const wasLost = state.link === "lost";
  state.link = link;
  state.lostAt = lostAt;
  if (link === "live" && wasLost) {
    learn().catch(() => null);
    api.session().catch(() => null); // The word that changes carry may be another after a new sign-in.
    follows();
  }
  changed();
}

await loadTexts();
drawWith(draw);
state.me = await insist(() => api.session());
if (!state.me) api.goSignIn();
else {
  await insist(learn);
  state.link = "";
  follow({ view: "guide" }, { view: shown, link: linked });
  setInterval(changed, TICK_MS);
  setInterval(() => learn().catch(() => null), HALL_MS);
  addEventListener("keydown", keyed);
  window.speechSynthesis?.addEventListener?.("voiceschanged", changed); // Voices come late.
}
