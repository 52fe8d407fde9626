// The notes on the present visit: procedures, dossier codes, outcomes.

import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { addProcedure } from "./choosing.js";
import { procedureName, say } from "./state.js";
import * as work from "./work.js";

/** Procedures of the visit, their dossiers, and the outcome of the active one. */
export function visitForm(ticket) {
  const { rows, active } = work.notes();
  return html`<section class="section"><h3 id="dossiers">${t("clerk.dossiers")}<span>${t("clerk.dossiers-hint")}</span></h3>
      <ul class="codes" aria-labelledby="dossiers">${rows[active].dossiers.map((code, index) => codeChip(code, active, index))}
        <li class="add"><input class="in" id="dossier" data-ticket=${ticket.id} maxlength="400" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-label=${t("clerk.dossier-add")} placeholder=${t("clerk.dossier-add")} @keydown=${typed} @change=${left}></li></ul>
    </section>
    <section class="section"><h3 id="outcome">${rows.length > 1 || rows[0].procedure ? t("clerk.outcome-of-procedure") : t("clerk.outcome")}<span>${t("clerk.outcome-hint")}</span><button type="button" class="link" @click=${add}>${icon("plus")}${t("clerk.add-procedure")}</button></h3>
      ${rows.length > 1 || rows[0].procedure ? html`<ul class="procedures">${rows.map(procedureLine)}</ul>` : nothing}
      <div class="outcomes" role="group" aria-labelledby="outcome">${work.OUTCOMES.map((outcome, index) => outcomeButton(outcome, index, rows[active].outcome))}</div>
    </section>`;
}

const outcomeButton = (outcome, index, chosen) =>
  html`<button type="button" class=${outcome === chosen ? "chosen" : ""} aria-pressed=${outcome === chosen ? "true" : "false"} aria-keyshortcuts=${index + 1} @click=${() => work.setOutcome(outcome)}><span class="kbd" aria-hidden="true">${index + 1}</span><span>${t.of("clerk.outcome", outcome)}<small>${t.of("clerk.form", outcome)}</small></span></button>`;

function procedureLine(row, index) {
  const { active } = work.notes();
  const name = row.procedure ? procedureName(row.procedure) : t("clerk.no-procedure");
  return html`<li class=${index === active ? "active" : ""}><button type="button" class="name" aria-pressed=${index === active ? "true" : "false"} @click=${() => work.setActive(index)}><span class="what" title=${name}>${name}</span><small>${
    row.outcome ? t.of("clerk.outcome", row.outcome) : t("clerk.outcome-missing")
  }${row.dossiers.length ? html` · ${t("clerk.dossier-count", { count: row.dossiers.length })}` : nothing}</small></button><button type="button" class="drop" aria-label=${t("clerk.drop-procedure", { name })} @click=${() => work.dropProcedure(index)}>${icon("x")}</button></li>`;
}

function codeChip(code, row, index) {
  const isKnown = work.looksRight(code);
  return html`<li class="code ${isKnown ? "" : "odd"}">${isKnown ? nothing : html`${icon("warn")}<span class="sr">${t("clerk.dossier-odd")}</span>`}<span class="long" title=${isKnown ? nothing : t("clerk.dossier-odd")}>${code}</span><button type="button" class="drop" aria-label=${t("clerk.dossier-drop", { code })} @click=${() => work.dropDossier(row, index)}>${icon("x")}</button></li>`;
}

async function add() {
  const code = await addProcedure();
  if (code) work.addProcedure(code);
}

function typed(event) {
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "Enter") return;
  event.preventDefault();
  take(event.target);
}

// A code that was typed and not entered is meant all the same.
const left = (event) => take(event.target);

function take(input) {
  const code = input.value;
  if (!code.trim()) return;
  const problem = work.addDossier(code);
  if (problem !== "too-long") input.value = "";
  if (problem) say({ kind: "warn", icon: "warn", words: t.of("clerk.dossier", problem) });
  else if (!work.looksRight(code.trim())) say({ kind: "warn", icon: "warn", words: t("clerk.dossier-odd"), more: t("clerk.dossier-odd-more") });
}
