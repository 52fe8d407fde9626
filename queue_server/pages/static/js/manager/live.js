// The live hall: figures against the goal, services, what needs somebody, every counter.

import { html, nothing, svg } from "../../vendor/lit-html.js";
import * as acting from "./acting.js";
import { changed, counterOf, isReady, labelOf, mayAct, serviceName, state } from "./state.js";
import { clockText, duration, minutesSince, since } from "../clock.js";
import { both, decimal, t } from "../i18n.js";
import { icon } from "../icons.js";
import { button, figures, plate } from "../parts.js";

const RATINGS_LEAST = 50; // Fewer ratings make no rate.
const PLATES_MAX = 4;
const FRESH_MS = 120000; // Yellow means now; a call that nobody answered for so long is no news.
const SCALE_S = 45 * 60; // The right end of the bars.
const MANY_COUNTERS = 24; // More than these, and a tile says less, so that all are seen at once.
const MANY_SERVICES = 8;

const minutes = (seconds) => (seconds === null ? t("manager.none") : t("manager.minutes", { count: decimal(Math.round(seconds / 6) / 10) }));
const rounded = (seconds) => t("manager.minutes", { count: Math.round(seconds / 60) });
const percent = (share) => `${Math.round(share * 100)}%`;

// The four figures

export function strip() {
  const { view } = state;
  const day = view.day?.hall;
  const goal = view.goal_s / 60;
  const busy = view.counters.filter((one) => ["calling", "serving"].includes(one.state)).length;
  const resting = view.counters.filter((one) => one.paused).length;
  const isOver = day && day.wait_mean_s !== null && day.wait_mean_s > view.goal_s;
  return html`<dl class="strip panel">
    ${figure(t("manager.waiting"), String(view.waiting), t("manager.people"), t("manager.counters-now", { busy, resting }))}
    ${waited(t("manager.mean-today"), day, day?.wait_mean_s, () => (isOver ? html`<b class="over">${icon("warn")}${t("manager.over-goal", { goal, count: day.wait_n })}</b>` : html`<b class="within">${icon("check")}${t("manager.within-goal", { goal, count: day.wait_n })}</b>`))}
    ${waited(t("manager.p90-today"), day, day?.wait_p90_s, () => t("manager.share-within", { share: percent(day.wait_within_15min_share), goal }))}
    ${satisfied(day)}</dl>`;
}

const figure = (name, big, unit, more) =>
  html`<div><dt>${name}</dt><dd><span class="big num">${big}</span>${unit ? html` <span class="unit">${unit}</span>` : nothing}<small>${more}</small></dd></div>`;

function waited(name, day, value, more) {
  if (!day) return figure(name, "–", "", t("manager.reading"));
  if (!day.wait_n) return figure(name, "–", "", t("manager.nobody-yet"));
  return figure(name, decimal(Math.round(value / 6) / 10), t("manager.unit-minutes"), more());
}

function satisfied(day) {
  const name = t("manager.satisfied-today");
  if (!day?.ratings) return figure(name, "–", "", day ? t("manager.no-ratings") : t("manager.reading"));
  const answered = t("manager.answered", { share: percent(day.ratings / Math.max(1, day.ratings_asked)) });
  if (day.ratings < RATINGS_LEAST) return figure(name, String(day.ratings), t("manager.ratings"), t("manager.few-ratings", { least: RATINGS_LEAST, answered }));
  return figure(name, percent(day.satisfied / day.ratings), "", t("manager.of-ratings", { satisfied: day.satisfied, count: day.ratings, answered }));
}

// Services

export function services() {
  const { view } = state;
  return html`<section class="panel services ${view.services.length > MANY_SERVICES ? "dense" : ""}" aria-labelledby="services-title"><h2 id="services-title">${t("manager.services")}<span>${t("manager.goal-line", { goal: view.goal_s / 60 })}</span></h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="services-title"><table><thead><tr><th scope="col">${t("manager.col-name")}</th><th scope="col" class="right">${t("manager.col-waiting")}</th><th scope="col" class="right">${t("manager.col-longest")}</th><th scope="col" class="right">${t("manager.col-mean")}</th><th scope="col">${t("manager.col-goal")}</th><th scope="col" class="right">${t("manager.col-p90")}</th><th scope="col">${t("manager.col-counters")}</th></tr></thead>
    <tbody>${view.services.map(serviceRow)}</tbody></table></div></section>`;
}

function serviceRow(one) {
  const { view } = state;
  const day = view.day?.services[one.id];
  const mean = day?.wait_mean_s ?? null;
  const isOver = mean !== null && mean > view.goal_s;
  const isLate = one.late > 0;
  return html`<tr><th scope="row"><button type="button" class="name" title=${both(one.name)} @click=${() => acting.service(one.id)}>${both(one.name)}</button>${
    one.state === "open" || one.state === "closed" ? nothing : html`<span class="tag ${one.state}" title=${t.of("manager.service", one.state)}>${icon(one.state === "paused" ? "pause" : "x")}<span class="words">${t.of("manager.service", one.state)}</span></span>`
  }</th><td class="right"><b>${one.waiting}</b></td><td class="right ${isLate ? "over" : ""}">${
    one.longest_wait_s === null ? t("manager.none") : html`${isLate ? icon("clock") : nothing}${rounded(one.longest_wait_s)}`
  }</td><td class="right ${isOver ? "over" : ""}">${mean === null ? t("manager.none") : html`<span>${isOver ? icon("warn") : nothing}${minutes(mean)}<small>${t("manager.visits", { count: day.wait_n })}</small></span>`}</td><td>${bar(mean, isOver)}</td><td class="right">${
    one.wait_p90_s === null ? t("manager.none") : rounded(one.wait_p90_s)
  }</td><td class="plates">${one.counters.length ? one.counters.slice(0, PLATES_MAX).map((number) => plate(labelOf(number))) : html`<span class="over">${t("manager.no-counter")}</span>`}${
    one.counters.length > PLATES_MAX ? html`<small>+${one.counters.length - PLATES_MAX}</small>` : nothing
  }</td></tr>`;
}

function bar(mean, isOver) {
  const at = (seconds) => Math.min(100, (seconds / SCALE_S) * 100);
  const goal = at(state.view.goal_s);
  return html`<svg class="vs" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="rest" y="3" width="100" height="10"/><rect class=${isOver ? "bad" : "fine"} y="3" width=${mean === null ? 0 : at(mean)} height="10"/><rect class="goal" x=${goal - 0.6} width="1.2" height="16"/>`}</svg>`;
}

// What needs somebody

const ALERT_ICONS = { help: "help", "help-kiosk": "help", "no-clerk": "people", "no-clerk-many": "people", "long-wait": "clock", forgotten: "hold", "forgotten-held": "hold", "past-closing": "moon", "no-numbers": "ticket", "settings-refused": "edit", "forecast-stale": "unlink", "figures-stale": "unlink" };

export function alerts() {
  const { view, aside } = state;
  const shown = view.alerts.filter((one) => !aside.has(one.id));
  const hidden = view.alerts.length - shown.length;
  return html`<section class="panel alerts" aria-labelledby="alerts-title"><h2 id="alerts-title">${t("manager.alerts")}<span>${t("manager.alerts-n", { count: shown.length })}${hidden ? html` · <button type="button" class="inline" @click=${showAll}>${t("manager.alerts-aside", { count: hidden })}</button>` : nothing}</span></h2>
    ${shown.length ? html`<ul class="scroll" tabindex="0" role="list" aria-labelledby="alerts-title">${shown.map(alertLine)}</ul>` : html`<p class="calm">${icon("check")}${t("manager.all-well")}</p>`}</section>`;
}

function showAll() {
  state.aside.clear();
  changed();
}

function valuesOf(one) {
  return {
    counter: one.counter === null ? "" : labelOf(one.counter),
    service: one.service === null ? "" : serviceName(one.service),
    number: one.number ?? "",
    count: one.count ?? "",
    minutes: one.seconds === null ? "" : Math.max(1, Math.round(one.seconds / 60)),
    since: one.since ? clockText(one.since) : "",
    ago: one.since ? minutesSince(one.since) : "",
    text: one.text,
  };
}

/** An alert in one sentence, for the eye and for the ear. */
export const alertTitle = (one) => t.of("manager.alert", one.code, valuesOf(one));

function alertLine(one) {
  return html`<li class=${one.is_urgent ? "urgent" : ""}>${icon(ALERT_ICONS[one.code] ?? "warn")}<div><b>${alertTitle(one)}</b><small>${t.of("manager.more", one.code, valuesOf(one))}</small></div><span class="acts">${alertButton(one)}${button({
    kind: "small quiet icon",
    icon: "x",
    label: t("manager.put-aside-n", { alert: alertTitle(one) }),
    press: () => {
      state.aside.add(one.id);
      changed();
    },
  })}</span></li>`;
}

function alertButton(one) {
  const off = !isReady() || state.link !== "live";
  if (one.code.startsWith("help") && mayAct()) return button({ kind: "small", words: t("manager.somebody-came"), off, press: () => acting.helped(one) });
  if (one.counter !== null && counterOf(one.counter)) return button({ kind: "small", words: t("manager.see-counter"), label: t("manager.see-counter-n", { counter: labelOf(one.counter) }), press: () => acting.counter(one.counter) });
  if (one.service !== null) return button({ kind: "small", words: t("manager.see-service"), label: t("manager.see-service-n", { service: serviceName(one.service) }), press: () => acting.service(one.service) });
  return nothing;
}

// Counters

export function counters() {
  const { view } = state;
  const open = view.counters.filter((one) => one.state !== "closed").length;
  return html`<section class="panel counters" aria-labelledby="counters-title"><h2 id="counters-title">${t("manager.counters")}<span>${t("manager.counters-open", { open, count: view.counters.length })}</span></h2>
    <ul class="tiles scroll ${view.counters.length > MANY_COUNTERS ? "many" : ""}" @keydown=${walk}>${view.counters.map((one, index) => html`<li>${tile(one, index)}</li>`)}</ul></section>`;
}

const STATE_ICONS = { closed: "lock", open: "clock", paused: "pause" };
let current = 0; // The one tile that Tab leads to; arrows walk from it.

function tile(one, index) {
  const lasted = one.since ? since(one.since) : null;
  const isBusy = one.ticket !== null;
  return html`<button type="button" class="tile ${one.state} ${one.is_long ? "long" : ""} ${one.state === "calling" && lasted < FRESH_MS ? "fresh" : ""} ${one.clerk || one.state === "closed" ? "" : "unmanned"}" title=${one.clerk ?? (one.state === "closed" ? nothing : t("manager.no-clerk"))} tabindex=${index === Math.min(current, state.view.counters.length - 1) ? 0 : -1} @focus=${() => (current = index)} @click=${() => acting.counter(one.number)}
    ><span class="sr">${t("manager.counter-n", { label: one.label })}, </span><span aria-hidden="true">${plate(one.label, one.state === "closed")}</span><span class="what">${
      isBusy ? figures(one.ticket) : html`<span class="word">${t.of("page.counter", one.state)}</span><span class="mark">${icon(STATE_ICONS[one.state] ?? "clock")}</span>`
    }<span class="how">${isBusy && one.state === "calling" ? html`<span class="sr">${t("page.counter-calling")}</span>${icon("speak")}` : nothing}${isBusy && one.state === "serving" ? html`<span class="sr">${t("page.counter-serving")}</span>` : nothing}${one.is_long ? html`${icon("warn")}<span class="sr">${t("manager.long-visit")}</span>` : nothing}${
      one.paused && isBusy ? icon("pause") : nothing
    }${lasted === null ? nothing : html`<span class="lasted">${isBusy ? duration(lasted) : t("manager.minutes", { count: Math.floor(lasted / 60000) })}</span>`}</span></span
    ><span class="who">${one.clerk ?? (one.state === "closed" ? nothing : html`<em>${t("manager.no-clerk")}</em>`)}</span></button>`;
}

function walk(event) {
  const tiles = [...event.currentTarget.querySelectorAll(".tile")];
  const here = tiles.indexOf(event.target);
  if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const columns = tiles.filter((one) => one.offsetTop === tiles[0].offsetTop).length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -here, End: tiles.length - 1 - here };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = tiles[Math.max(0, Math.min(tiles.length - 1, here + step))];
  next.focus();
  changed();
}
