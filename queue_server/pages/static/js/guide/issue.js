// A number for somebody at the desk: the service, then what else is known, then one key.

import { html, nothing } from "../../vendor/lit-html.js";
import { clockText } from "../clock.js";
import { icon } from "../icons.js";
import { both, t } from "../i18n.js";
import { button, notice } from "../parts.js";
import { pictogram } from "../pictograms.js";
import * as actions from "./actions.js";
import * as asking from "./asking.js";
import { changed, groupOf, newWish, people, procedureName, state } from "./state.js";

const ITEMS_MAX = 99;
const FEW = 6; // Up to so many services have large tiles.

const set = (change) => {
  state.wish = { ...state.wish, ...change };
  changed();
};

export const issueTab = () => {
  const { wish } = state;
  const why = actions.whyNot();
  const off = Boolean(state.busy) || Boolean(why);
  const sending = state.busy === "issue" ? "sending" : "";
  return html`<section class="issue" aria-label=${t("guide.tab-issue")}>
    <fieldset class="tiles ${state.view.services.length > FEW ? "many" : ""}"><legend class="sr">${t("guide.service")}</legend>${state.view.services.map(tile)}</fieldset>
    <div class="options">${wish.procedure ? forProcedure(wish.procedure) : nothing}
      <div class="option"><span id="o-priority">${t("guide.priority")}</span>${button({ icon: "priority", words: priorityWords(), press: choosePriority, label: t("guide.priority-choose", { group: priorityWords() }) })}
        ${wish.priority ? proof() : nothing}</div>
      <div class="option"><label for="items">${t("guide.items")}</label><div class="step">${button({ icon: "minus", label: t("guide.fewer"), press: () => set({ items: Math.max(1, wish.items - 1) }), off: wish.items <= 1 })}<input
        class="in num" id="items" inputmode="numeric" maxlength="2" autocomplete="off" .value=${String(wish.items)} @change=${typedItems}>${button({ icon: "plus", label: t("guide.more-items"), press: () => set({ items: Math.min(ITEMS_MAX, wish.items + 1) }), off: wish.items >= ITEMS_MAX })}</div>
        ${state.view.bulk_from && wish.items >= state.view.bulk_from ? html`<small>${t("guide.is-bulk")}</small>` : nothing}</div>
      <fieldset class="option"><legend>${t("guide.language")}</legend><div class="segments">${state.hall.languages.map(languageKey)}</div></fieldset>
      <div class="option"><label for="dossier">${t("guide.dossier")}</label><input class="in" id="dossier" maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=${t("guide.dossier-hint")} .value=${wish.dossier} @input=${(event) => {
        state.wish.dossier = event.target.value;
      }}></div></div>
    <div class="foot">${button({ kind: "tall", icon: "ticket", words: t("guide.issue-only"), press: () => actions.issue(false), off, why })}${button({ kind: `primary ${sending}`, icon: "printer", words: t("guide.issue"), key: "F2", press: () => actions.issue(true), off, why })}</div></section>`;
};

function tile(service) {
  const isOpen = service.state === "open";
  const name = both(service.name);
  return html`<label class="tile ${isOpen ? "" : "off"}"><input type="radio" name="service" ?data-first=${service === state.view.services[0]} .checked=${state.wish.service === service.id} @change=${() => set({ service: service.id })}>
    <span class="picture">${icon(pictogram(service))}</span><span class="name">${name}</span><span class="wait">${waitWords(service)}</span></label>`;
}

function waitWords(service) {
  if (service.state !== "open") {
    const more = service.elsewhere ? html` <span>${t("guide.elsewhere", { place: both(service.elsewhere) })}</span>` : nothing;
    return html`<b>${service.notice ? both(service.notice) : t("guide.closed")}</b>${more}`;
  }
  if (state.link !== "live") return html`<b>${t("guide.slip-unknown")}</b>`; // A time that may be old is no time.
  const inLine = service.waiting ? people(service.waiting) : t("guide.nobody");
  const isServed = state.view.counters.some((one) => one.state !== "closed" && one.services.includes(service.id));
  if (!isServed) return html`<b>${t("guide.no-open-counter")}</b> ${inLine}`; // Said before the number is given, not after.
  if (service.expected_wait_s === null) return html`<b>${inLine}</b>`;
  const minutes = Math.round(service.expected_wait_s / 60);
  if (!minutes) return html`<b>${t("guide.at-once")}</b> ${inLine}`;
  const time = clockText(Date.parse(state.view.at) + service.expected_wait_s * 1000);
  return html`<b>${t("guide.about-minutes", { count: minutes })}</b> ${inLine} · <span class="whole">${t("guide.about-clock", { time })}</span>`;
}

const forProcedure = (code) =>
  html`<div class="for long" tabindex="0">${icon("papers")}<b>${procedureName(code)}</b>${button({ icon: "x", label: t("guide.drop-procedure"), press: () => set({ procedure: "" }) })}</div>`;

function priorityWords() {
  const group = groupOf(state.wish.priority);
  return group ? both(group.label) : t("guide.no-priority");
}

function proof() {
  const group = groupOf(state.wish.priority);
  if (state.wish.isSeen) return html`<small>${icon("check")}${t("guide.proof-was-seen")}</small>`;
  return html`<small>${icon("card")}${group && both(group.proof) ? t("guide.proof-needed", { proof: both(group.proof) }) : t("guide.proof-at-desk")}</small>`;
}

async function choosePriority() {
  const answer = await asking.claim();
  if (answer) set({ priority: answer.group, isSeen: answer.isSeen });
}

function typedItems(event) {
  const items = Math.min(ITEMS_MAX, Math.max(1, Number.parseInt(event.target.value, 10) || 1));
  event.target.value = String(items);
  set({ items });
}

const languageKey = (code) =>
  html`<label class="segment"><input type="radio" name="language" .checked=${state.wish.language === code} @change=${() => set({ language: code })}><span>${t.of("page.language", code)}</span></label>`;

/** Begin anew. */
export function another() {
  state.wish = newWish();
  changed();
}

/** What the hall says to everybody, such as when it opens again. */
export const hallNotices = () => state.view.notices.map((one) => notice("warn", "clock", both(one.text)));
