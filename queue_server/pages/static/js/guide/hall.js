// The hall at a glance: who waits, who is out, what each counter does.

import { html, nothing } from "../../vendor/lit-html.js";
import { minutesSince } from "../clock.js";
import { icon } from "../icons.js";
import { both, t } from "../i18n.js";
import { figures, plate } from "../parts.js";
import * as actions from "./actions.js";
import { changed, groupOf, serviceName, state } from "./state.js";

const LATE_MINUTES = 15; // The goal of the service index.

export function hallTab() {
  const { view } = state;
  const lists = { waiting, out, counters };
  return html`<section class="hall" aria-label=${t("guide.tab-hall")}>
    <div class="choice" role="group" aria-label=${t("guide.lists")}>${listKey("waiting", t("guide.list-waiting", { count: view.waiting_count }))}${listKey("out", t("guide.list-out", { count: view.out_count }))}${listKey("counters", t("guide.list-counters", { count: view.counters.length }))}</div>
    ${lists[state.list]()}</section>`;
}

const listKey = (name, words) =>
  html`<button type="button" class="b" ?data-first=${name === "waiting"} aria-pressed=${String(state.list === name)} @click=${() => {
    state.list = name;
    changed();
  }}><span class="words">${words}</span></button>`;

function waiting() {
  const { view, only } = state;
  const lines = only ? view.waiting.filter((one) => one.service === only) : view.waiting;
  return html`<label class="only"><span class="sr">${t("guide.only")}</span><select class="in" .value=${only} @change=${(event) => {
      state.only = event.target.value;
      changed();
    }}><option value="">${t("guide.all-services")}</option>${view.services.map((one) => html`<option value=${one.id} ?selected=${one.id === only}>${both(one.name)} · ${one.waiting}</option>`)}</select></label>
    ${lines.length ? html`<ul class="lines">${lines.map((one) => line(one, minutes(one.waits_from), remark(one)))}</ul>` : html`<p class="none">${t("guide.nobody-waits")}</p>`}
    ${!only && view.waiting_count > lines.length ? html`<p class="none">${t("guide.more-waiting", { count: view.waiting_count - lines.length })}</p>` : nothing}`;
}

const line = (one, end, more) =>
  html`<li><button type="button" class="row" @click=${() => actions.show(one.id)}>${figures(one.shown)}<span class="what">${more ? html`<b>${more}</b>` : nothing}${serviceName(one.service)}</span>${end}</button></li>`;

function remark(one) {
  const words = [];
  if (one.claimed_rank || (one.rank_class >= 1 && one.rank_class <= 9)) {
    const group = groupOf(one.priority);
    words.push(group ? both(group.label) : t("guide.priority-rank", { rank: one.claimed_rank || one.rank_class }));
    if (!one.confirmed) words.push(t("guide.not-confirmed"));
  }
  if (one.items > 1) words.push(t("guide.items-n", { count: one.items }));
  if (one.counter !== null) words.push(t("guide.counter-n", { label: labelOf(one.counter) }));
  return words.join(" · ");
}

const labelOf = (number) => state.view.counters.find((one) => one.number === number)?.label ?? String(number);

function minutes(instant) {
  const count = minutesSince(instant);
  const words = t("guide.minutes", { count });
  return count > LATE_MINUTES ? html`<span class="wait late">${icon("clock")}<span class="sr">${t("guide.late")}</span>${words}</span>` : html`<span class="wait">${words}</span>`;
}

function out() {
  const { view } = state;
  if (!view.out.length) return html`<p class="none">${t("guide.nobody-out")}</p>`;
  return html`<ul class="lines">${[...view.out].reverse().map((one) => line(one, html`<span class="wait">${one.left_at ? t("guide.minutes", { count: minutesSince(one.left_at) }) : nothing}</span>`, t.of("guide.state", one.state)))}</ul>`;
}

function counters() {
  return html`<ul class="desks">${state.view.counters.map(
    (one) =>
      html`<li class=${one.state}>${plate(one.label, one.state === "closed" || state.link !== "live")}<span><b>${t.of("page.counter", one.state)}</b>${one.shown ? html`<span class="num">${one.shown}</span>` : nothing}</span><small>${one.services.map(serviceName).join(" · ")}</small></li>`,
  )}</ul>`;
}
