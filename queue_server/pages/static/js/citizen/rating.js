// How the visit was: faces in the hall's order, and after an unhappy one why. To skip is always there.

import { act, Refused } from "../api.js";
import { both, t } from "../i18n.js";
import { icon } from "../icons.js";
import { button } from "../parts.js";
import { html, nothing, svg } from "../../vendor/lit-html.js";

const state = { isSkipped: false, level: null, reasons: new Set(), isSending: false, isThanked: false, fault: "" };

/** The question for this ticket, or what is left of it. */
export function question(view, key, redraw) {
  if (view.is_rated || state.isThanked) {
    return html`<section class="ask" role="status"><p class="thanks">${icon("check")}${t("citizen.rate-thanks")}</p></section>`;
  }
  if (!view.ask || state.isSkipped) return nothing;
  const unhappy = state.level !== null;
  return html`<section class="ask" aria-labelledby="ask"><h2 id="ask" tabindex="-1">${
    unhappy ? t("citizen.rate-why") : t("citizen.rate-question")
  }</h2>${unhappy ? why(view, key, redraw) : faces(view, key, redraw)}
    <div role="alert">${state.fault ? html`<p class="fault">${state.fault}</p>` : nothing}</div>
    <p class="small">${t("citizen.rate-private")}</p></section>`;
}

const faces = (view, key, redraw) => {
  const last = Math.max(1, view.ask.levels.length - 1);
  return html`<div class="faces">${view.ask.levels.map(
    (level, place) =>
      html`<button type="button" class="face ${level.counts_as}" @click=${() => choose(view, key, level, redraw)}>${face(
        mood(1 - (2 * place) / last),
      )}<span>${both(level.label)}</span></button>`,
  )}</div>${button({ words: t("citizen.skip"), press: () => skip(redraw) })}`;
};

const why = (view, key, redraw) => html`<div class="whys">${view.ask.reasons.map(
  (code) => html`<button type="button" class="b" aria-pressed=${String(state.reasons.has(code))} @click=${() => {
    state.reasons.has(code) ? state.reasons.delete(code) : state.reasons.add(code);
    redraw();
  }}>${state.reasons.has(code) ? icon("check") : nothing}<span>${t.of("citizen.why", code)}</span></button>`,
)}</div>${button({ words: t("citizen.rate-send"), kind: "go", off: state.isSending, press: () => send(view, key, redraw) })}${button({
  words: t("citizen.skip"),
  off: state.isSending,
  press: () => {
    state.reasons.clear();
    send(view, key, redraw);
  },
})}`;

// A little glad must not look like neither.
const mood = (share) => Math.sign(share) * Math.sqrt(Math.abs(share));

/** A mouth from 1 (glad) to -1 (sad). */
const face = (bend) =>
  svg`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9.5"/><path d="M8.7 9.3v.6M15.3 9.3v.6" stroke-width="2.4"/><path d=${`M7.6 ${15 - bend}Q12 ${15 + 3.6 * bend} 16.4 ${15 - bend}`}/></svg>`;

function choose(view, key, level, redraw) {
  if (state.isSending) return;
  state.level = level;
  if (level.counts_as !== "dissatisfied" || !view.ask.reasons.length) return send(view, key, redraw);
  redraw();
  document.getElementById("ask")?.focus();
}

function skip(redraw) {
  state.isSkipped = true;
  redraw();
}

async function send(view, key, redraw) {
  if (state.isSending) return;
  state.isSending = true;
  state.fault = "";
  redraw();
  try {
    await act("POST", "/ratings", { ticket: view.id, key, score: state.level.score, reasons: [...state.reasons] });
    state.isThanked = true;
  } catch (fault) {
    state.fault = fault instanceof Refused ? fault.text : t("page.unreachable");
    state.isSkipped = ["rating-late", "rating-repeated", "rating-unasked"].includes(fault.code);
    state.level = null;
  }
  state.isSending = false;
  redraw();
}
