// The lobby in a browser or on a television: one call that everybody sees, for weeks without a hand on it.
// No newer JavaScript than lit-html itself needs, so no await outside of functions.

import { html, nothing, render } from "../vendor/lit-html.js";
import { clockText, dayOf, now, since } from "./clock.js";
import { follow } from "./feed.js";
import { both, inLanguage, language, loadTexts, t } from "./i18n.js";
import { callList } from "./lobby/calls.js";
import * as parts from "./lobby/parts.js";
import { DEFAULTS, sizes } from "./lobby/sizes.js";

const TICK_MS = 250;
const AGAIN_MS = 3000;
const STALE_MS = 5000; // A link that is gone for so long is said large; a restart of the server is shorter.
const BURST_BAR = 3; // From so many calls at once on, people are asked to look.
const element = document.documentElement;
const root = document.getElementById("page");
const query = new URLSearchParams(location.search);
const calls = callList();
const state = { view: null, lostAt: 0, liveAt: "", isStale: false, clock: "", size: null };
let second = t;

const within = (name, least, most) => {
  const value = Number(String(query.get(name) || "").replace(",", "."));
  return value >= least && value <= most ? value : DEFAULTS[name];
};
const screen = { inches: within("inches", 10, 120), distance: within("distance", 1, 40) };

function draw() {
  const { view } = state;
  measure();
  state.clock = clockText(now());
  render(
    html`<div class="lobby ${state.size.isTall ? "tall" : ""}">${head(view)}<main>${state.isStale ? halted(view) : view ? live(view) : nothing}</main>${warning()}</div>`,
    root,
  );
}

function head(view) {
  const { weekday, date } = dayOf(now());
  const name = view ? view.name : null;
  const hours = view ? view.hours.map((one) => `${one.opens}–${one.closes}`).join(" · ") : "";
  const another = name && name.en !== name.vi ? (language() === "en" ? name.vi : name.en) : "";
  return html`<header class="top"><div class="org"><h1>${name ? both(name) : element.dataset.hall}</h1>${
    another ? html`<p lang=${language() === "en" ? "vi" : "en"}>${another}</p>` : nothing
  }</div><div class="when"><p>${view ? `${t.of("lobby.weekday", weekday)}, ${date}` : nothing}${
    hours ? html`<span>${t("lobby.hours", { hours })}</span>` : nothing
  }</p><b>${view ? state.clock : nothing}</b></div></header>`;
}

function live(view) {
  const { slots, waiting } = calls;
  const says = sentence(view, slots, waiting);
  if (slots.length > 1) {
    return html`${says}${parts.cells(slots)}${parts.foot(waiting, except(view.calls, slots), second)}`;
  }
  const call = slots[0] || view.calls[0];
  const before = except(view.calls, call ? [call] : []);
  const { rows, board, strip } = state.size;
  return html`${says}${call ? parts.hero(call, slots.length > 0, second) : parts.nobody(second)}${
    before.length ? parts.recent(before.slice(0, rows)) : nothing
  }${
    board === "counters" ? parts.board(view.counters, slots, second) : board && before.length > rows ? parts.later(before.slice(rows)) : nothing
  }${strip.columns ? parts.strip(view, second) : nothing}`;
}

const except = (list, shown) => list.filter((one) => !shown.some((call) => call.shown === one.shown && call.counter === one.counter));

function sentence(view, slots, waiting) {
  if (slots.length >= BURST_BAR || waiting.length) return parts.bar("people", t("lobby.many"), second("lobby.many"));
  if (!view.counters.length) return parts.bar("info", t("lobby.no-counters"), second("lobby.no-counters"));
  const notice = view.notices[0];
  if (!notice) return nothing;
  return parts.bar("clock", both(notice.text), language() === "en" ? notice.text.vi : notice.text.en);
}

function halted(view) {
  const old = view ? view.calls.slice(0, 3) : [];
  const cap = { time: state.liveAt };
  return html`${parts.stale(second)}${
    old.length ? html`<p class="cap">${t("lobby.stale-calls", cap)} <small lang=${language() === "en" ? "vi" : "en"}>${second("lobby.stale-calls", cap)}</small></p>${parts.recent(old, true)}` : nothing
  }`;
}

const metresText = (value) => String(Math.floor(value * 10) / 10).replace(".", language() === "en" ? "." : ",");

function warning() {
  const { isSmall, metres } = state.size;
  if (!isSmall) return nothing;
  const values = { inches: metresText(screen.inches), distance: metresText(screen.distance), metres: metresText(metres) };
  return html`<p class="warning">${t("lobby.too-small", values)}</p>`;
}

// Sizes

function measure() {
  const { view } = state;
  const { slots, waiting } = calls;
  const list = [...(view ? view.calls : []), ...slots, ...waiting];
  const signs = Math.min(9, Math.max(4, ...list.map((one) => one.shown.length)));
  const hasBar = Boolean(view && (view.notices.length || !view.counters.length || slots.length >= BURST_BAR || waiting.length));
  const size = sizes({
    width: innerWidth,
    height: innerHeight,
    ...screen,
    signs,
    counters: view ? view.counters.length : 0,
    services: view ? view.services.length : 0,
    hasBar,
  });
  state.size = size;
  set("u", size.unit);
  set("hero", size.hero);
  set("recent", size.recent);
  set("cell", size.cell(Math.max(slots.length, 2)));
  set("strip-u", size.strip.unit);
  element.style.setProperty("--strip-columns", String(size.strip.columns || 1));
  element.style.setProperty("--signs", String(signs));
}

const set = (name, px) => element.style.setProperty(`--${name}`, `${Math.floor(px * 100) / 100}px`);

// The feed

function tick() {
  const at = performance.now();
  const isStale = state.lostAt > 0 && at - state.lostAt >= STALE_MS;
  if (isStale && !state.isStale) calls.clear(); // Later an old call must not look new.
  const moved = !isStale && calls.advance(at);
  if (moved || isStale !== state.isStale || clockText(now()) !== state.clock) {
    state.isStale = isStale;
    draw();
  }
}

function open() {
  draw();
  state.lostAt = performance.now(); // Until the first view nothing is known.
  const zone = query.get("zone");
  follow(zone ? { view: "lobby", zone } : { view: "lobby" }, {
    view(view, sequence) {
      state.view = view;
      state.lostAt = 0;
      state.isStale = false;
      state.liveAt = clockText(now());
      calls.see(view, sequence, performance.now(), (call) => since(call.at));
      draw();
    },
    announce(message) {
      if (calls.hear(message, performance.now()) && state.view) draw();
    },
    link(link, from) {
      state.lostAt = link === "live" ? 0 : from;
      tick();
    },
  });
  setInterval(tick, TICK_MS);
  addEventListener("resize", draw);
}

function start() {
  loadTexts()
    .then(() => inLanguage(language() === "en" ? "vi" : "en"))
    .then((other) => {
      second = other;
      open();
    })
    .catch(() => setTimeout(start, AGAIN_MS)); // The server went away between the page and its texts.
}

start();
