// Procedures, so that the guide can say what to bring, what it costs, how long it takes, and whether it goes online.

import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "../icons.js";
import { both, t } from "../i18n.js";
import { button, chip } from "../parts.js";
import { search } from "../procedures.js";
import { changed, go, state } from "./state.js";

const TYPING_MS = 150; // So long a pause means that somebody waits for the answer.
const LIMIT = 12;
let timer = 0;
let asked = 0;

function typed(event) {
  state.words = event.target.value;
  clearTimeout(timer);
  timer = setTimeout(look, TYPING_MS);
}

/** Ask for what is typed; without words the most common ones come. An answer that is overtaken is dropped. */
export async function look() {
  const mine = (asked += 1);
  const found = await search(state.words.trim(), LIMIT).catch(() => null);
  if (mine !== asked || !found) return;
  state.found = found;
  state.isSearched = true;
  if (!found.some((one) => one.code === state.procedure?.code)) state.procedure = null;
  changed();
}

export function proceduresTab() {
  if (!state.isSearched && state.link === "live" && !asked) look();
  return html`<section class="procedures ${state.procedure ? "chosen" : ""}" aria-label=${t("guide.tab-procedures")}>
    <label class="field"><span>${t("guide.search-words")}</span><input class="in" data-first id="words" type="search" maxlength="200" autocomplete="off" spellcheck="false" .value=${state.words} @input=${typed}></label>
    ${state.found.length ? html`<ul class="lines results">${state.found.map(result)}</ul>` : html`<p class="none" role="status">${state.isSearched ? t("guide.search-none") : t("guide.search-wait")}</p>`}
    ${state.procedure ? detail(state.procedure) : nothing}</section>`;
}

const result = (one) =>
  html`<li><button type="button" class="row" aria-pressed=${String(state.procedure?.code === one.code)} @click=${() => {
    state.procedure = one;
    changed();
  }}><span class="what"><b>${both(one.short_name) || one.name}</b>${one.code}</span>${icon("chev")}</button></li>`;

function detail(one) {
  const ask = t("guide.ask-counter");
  return html`<article class="detail" aria-live="polite"><div class="text" tabindex="0"><h2>${both(one.short_name) || one.name}</h2><p class="full" lang="vi">${one.code} · ${one.name}</p>
      ${one.online ? chip("good", "globe", t("guide.is-online")) : nothing}
      <dl class="facts">${fact("money", t("guide.fee"), one.fee ?? ask)}${fact("clock", t("guide.time-limit"), one.time_limit ?? ask)}${one.same_day_cutoff ? fact("info", t("guide.cutoff"), t("guide.cutoff-more", { time: one.same_day_cutoff })) : nothing}</dl>
      <h3>${icon("papers")}${t("guide.papers")}</h3>${one.papers.length ? html`<ol lang="vi">${one.papers.map((paper) => html`<li>${paper}</li>`)}</ol>` : html`<p>${ask}</p>`}
      ${one.decision ? html`<p class="source">${t("guide.decision", { number: one.decision })}</p>` : nothing}</div>
    ${button({ kind: "tall", icon: "ticket", words: t("guide.issue-for"), press: () => {
      state.wish = { ...state.wish, procedure: one.code };
      go("issue");
    } })}</article>`;
}

const fact = (name, title, value) => html`<div><dt>${icon(name)}${title}</dt><dd lang="vi">${value}</dd></div>`;
