// The manager's page: the whole hall, live. It draws what the feed says; what it changes carries a reason.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import { clockText, now } from "./clock.js";
import * as dialogs from "./dialogs.js";
import { follow } from "./feed.js";
import { both, loadTexts, t } from "./i18n.js";
import { busyLine } from "./manager/acting.js";
import { curve, paint } from "./manager/curve.js";
import * as live from "./manager/live.js";
import { log, refresh } from "./manager/log.js";
import { changed, drawWith, isReady, state } from "./manager/state.js";
import { chip, languageButton, linkChip, notice } from "./parts.js";

const TICK_MS = 1000;
const root = document.getElementById("page");
let isLeaving = false;

// Drawing

function draw() {
  if (!state.view) return render(html`<p class="loading">${state.link === "lost" ? t("manager.lost-start") : t("page.loading")}</p>`, root);
  document.title = `${state.link === "lost" ? `${t("page.link-lost")} · ` : ""}${t("manager.title")} · ${both(state.view.name)}`;
  render(html`<div class="app ${state.link === "lost" ? "lost" : ""}" data-ready=${isReady() && state.link === "live" ? "yes" : "no"}>${bar()}<div class="said">${said()}</div>${state.tab === "live" ? hall() : html`<main class="logs">${log()}</main>`}${busyLine()}<p class="sr" role="status">${state.news}</p></div>`, root);
  dialogs.redrawDialog();
  if (state.tab === "live") paint();
}

const TABS = [["live", "manager.tab-live"], ["log", "manager.tab-log"]];

function bar() {
  const { view } = state;
  return html`<header class="bar"><h1>${both(view.name)}</h1><nav class="tabs" aria-label=${t("manager.title")}>${TABS.map(
    ([name, key]) => html`<button type="button" aria-current=${state.tab === name ? "page" : nothing} @click=${() => go(name)}>${t(key)}</button>`,
  )}</nav><span class="space"></span>${view.open ? nothing : chip("", "lock", view.opens_at ? t("manager.closed-until", { time: clockText(view.opens_at) }) : t("manager.closed"))}${linkChip(state.link)}<button type="button" class="b quiet me" @click=${leave} title=${t("page.sign-out")}><span class="words">${state.me.name}</span></button>${languageButton(changed)}<time>${clockText(now())}</time></header>`;
}

function said() {
  const at = now() - (performance.now() - state.lostAt);
  const lost = state.link === "lost" ? html`<div role="alert">${notice("stop", "unlink", t("manager.lost", { time: clockText(at) }), t("manager.lost-more"))}</div>` : nothing;
  const note = state.notice;
  return html`${lost}<div role="status">${note ? notice(note.kind, note.icon, note.words, note.more ?? nothing, html`<button type="button" class="b small quiet" @click=${hush}>${t("page.close")}</button>`) : nothing}</div>`;
}

function hush() {
  state.notice = null;
  changed();
}

const hall = () => html`<main class="hall">${live.strip()}<div class="left">${live.services()}${curve()}</div><div class="right">${live.alerts()}${live.counters()}</div></main>`;

function go(tab) {
  state.tab = tab;
  history.replaceState(null, "", tab === "log" ? "#log" : location.pathname);
  if (tab === "log") refresh();
  changed();
}

async function leave() {
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

// Life

/** Keep asking until the hall answers: a page opened while the server restarts comes up by itself. */
async function insist(work) {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return await work();
    } catch (fault) {
      if (fault.status === 401) return api.goSignIn();
      state.link = "lost";
      changed();
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

function shown(view) {
  const known = new Set((state.view ?? view).alerts.map((one) => one.id));
  const isFirst = !state.view;
  state.view = view;
  const fresh = view.alerts.filter((one) => one.is_urgent && !known.has(one.id));
  if (fresh.length && !isFirst) state.news = fresh.map(live.alertTitle).join(" ");
  const present = new Set(view.alerts.map((one) => one.id));
  for (const id of state.aside) if (!present.has(id)) state.aside.delete(id); // It may come again, and is news then.
  refresh();
  draw();
}

function linked(link, lostAt) {
  if (link === "ended") return isLeaving ? undefined : api.goSignIn();
  if (link === "live" && state.link === "lost") api.session().catch(() => null); // Changes may have to carry another word.
  state.link = link;
  state.lostAt = lostAt;
  changed();
}

await loadTexts();
drawWith(draw);
if (location.hash === "#log") state.tab = "log";
state.me = await insist(() => api.session());
if (!state.me) api.goSignIn();
else {
  follow({ view: "manager" }, { view: shown, link: linked });
  state.reasons = await insist(() => api.get("/reasons"));
  state.link = state.view ? "live" : "";
  setInterval(() => {
    changed();
    refresh();
  }, TICK_MS);
  addEventListener("resize", changed);
  document.querySelector("script[async]")?.addEventListener("load", changed);
}
