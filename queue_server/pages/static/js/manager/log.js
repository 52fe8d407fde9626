// What happened today, in plain words: the last two hundred lines, or those of one counter or one number.

import { html, nothing } from "../../vendor/lit-html.js";
import { changed, labelOf, state } from "./state.js";
import { get, goSignIn } from "../api.js";
import { clockText } from "../clock.js";
import { both, t } from "../i18n.js";
import { button, notice } from "../parts.js";

const LINES_MAX = 200;
const AGAIN_MS = 2000;
let askedAt = -Infinity;
let isAsking = false;

export function log() {
  const it = state.log;
  return html`<section class="panel log" aria-labelledby="log-title"><form class="filter" @submit=${send} novalidate><h2 id="log-title">${t("manager.log")}</h2>
    <label><span>${t("manager.filter-counter")}</span><select class="in" @change=${(event) => set({ counter: event.target.value })}><option value="">${t("manager.every-counter")}</option>${state.view.counters.map((one) => html`<option value=${one.number} ?selected=${it.counter === String(one.number)}>${labelOf(one.number)}</option>`)}</select></label>
    <label><span>${t("manager.filter-number")}</span><input class="in" inputmode="numeric" maxlength="6" autocomplete="off" .value=${it.number} @change=${(event) => set({ number: event.target.value.replace(/\D/g, "") })}></label>
    ${it.counter || it.number ? button({ words: t("manager.filter-none"), press: () => set({ counter: "", number: "" }) }) : nothing}</form>
    <div role="alert">${it.fault ? notice("stop", "unlink", it.fault) : nothing}</div>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="log-title"><table><thead><tr><th scope="col">${t("manager.col-at")}</th><th scope="col">${t("manager.col-what")}</th><th scope="col">${t("manager.col-why")}</th><th scope="col">${t("manager.col-who")}</th></tr></thead><tbody>${it.lines.map(line)}</tbody></table>
    ${it.lines.length ? nothing : html`<p class="calm">${it.sequence < 0 ? t("manager.reading") : t("manager.no-lines")}</p>`}</div></section>`;
}

const line = (one) =>
  html`<tr><td class="at">${clockText(one.at)}<small>:${one.at.slice(17, 19)}</small></td><td>${both(one.what)}</td><td>${one.why ? both(one.why) : t("manager.none")}</td><td>${one.who || t("manager.by-rule")}</td></tr>`;

function send(event) {
  event.preventDefault();
  set({ number: event.target.querySelector("input").value.replace(/\D/g, "") });
}

function set(change) {
  Object.assign(state.log, change, { sequence: -1 });
  askedAt = -Infinity;
  refresh();
}

/** Ask for what is new, where the tab is open and something has happened. */
export async function refresh() {
  const it = state.log;
  const filter = `${it.counter} ${it.number}`;
  const isNew = it.asked !== filter || it.sequence < state.view.day?.sequence || it.sequence < 0;
  if (state.tab !== "log" || isAsking || !isNew || performance.now() - askedAt < AGAIN_MS) return;
  isAsking = true;
  askedAt = performance.now();
  const isFresh = it.asked !== filter || it.sequence < 0;
  const query = new URLSearchParams({ limit: String(LINES_MAX), after: String(isFresh ? 0 : it.sequence) });
  if (it.counter) query.set("counter", it.counter);
  if (it.number) query.set("number", it.number);
  try {
    const { lines, sequence } = await get(`/events/lines?${query}`);
    Object.assign(it, { lines: [...lines, ...(isFresh ? [] : it.lines)].slice(0, LINES_MAX), sequence, asked: filter, fault: "" });
  } catch (fault) {
    if (fault.status === 401) goSignIn();
    it.fault = fault.text ?? t("page.unreachable");
  } finally {
    isAsking = false;
    changed();
  }
  if (`${it.counter} ${it.number}` !== it.asked && !it.fault) refresh();
}
