// Finding a number that somebody holds in the hand, and checking in a booking.

import { html, nothing } from "../../vendor/lit-html.js";
import { clockText } from "../clock.js";
import { figures, button } from "../parts.js";
import { t } from "../i18n.js";
import * as actions from "./actions.js";
import { changed, openTicket, serviceName, state } from "./state.js";

const NUMBER_LENGTH_MAX = 8; // A prefix and six digits.

function type(sign) {
  if (state.typed.length < NUMBER_LENGTH_MAX) state.typed += sign;
  changed();
}

function erase() {
  state.typed = state.typed.slice(0, -1);
  changed();
}

export function findTab() {
  const off = Boolean(state.busy) || !actions.isLive() || !/\d/.test(state.typed);
  const why = actions.isLive() ? t("guide.off-number") : t("guide.off-link");
  return html`<section class="find" aria-label=${t("guide.tab-find")}><form novalidate @submit=${send(actions.find)}>
      <label class="field"><span>${t("guide.find-number")}</span><input class="in number num" data-first id="number" inputmode="none" maxlength=${NUMBER_LENGTH_MAX} autocomplete="off" .value=${state.typed} @input=${(event) => {
        state.typed = event.target.value;
        changed();
      }}></label>
      <div class="pad" role="group" aria-label=${t("guide.keypad")}>${[..."123456789"].map((sign) => button({ words: sign, press: () => type(sign) }))}${button({ kind: "worded", icon: "erase", words: t("guide.erase"), press: erase })}${button({ words: "0", press: () => type("0") })}${button({ kind: "worded", icon: "x", words: t("guide.clear"), press: () => {
        state.typed = "";
        changed();
      } })}</div></form>
    <div class="recent"><h2>${t("guide.recent")}</h2>${state.issued.length ? html`<ul>${state.issued.map(line)}</ul>` : html`<p class="none">${t("guide.recent-none")}</p>`}</div>
    <div class="foot">${button({ kind: "primary", icon: "search", words: t("guide.find"), key: "F2", press: actions.find, off, why })}</div></section>`;
}

const send = (go) => (event) => {
  event.preventDefault();
  go();
};

const line = (ticket) =>
  html`<li><button type="button" class="row" @click=${() => openTicket(ticket)}>${figures(ticket.shown)}<span class="what">${serviceName(ticket.service)}</span><span>${clockText(ticket.issued_at)}</span></button></li>`;

export function bookingTab() {
  const off = Boolean(state.busy) || !actions.isLive() || !state.code.trim();
  const why = actions.isLive() ? t("guide.off-code") : t("guide.off-link");
  return html`<section class="booking" aria-label=${t("guide.tab-booking")}><form novalidate @submit=${send(actions.checkIn)}>
      <label class="field"><span>${t("guide.booking-code")}</span><input class="in" data-first id="code" maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" .value=${state.code} @input=${(event) => {
        state.code = event.target.value;
        changed();
      }}></label><p class="lead">${t("guide.booking-lead")}</p></form>
    <div class="foot">${button({ kind: "primary", icon: "qr", words: t("guide.check-in"), key: "F2", press: actions.checkIn, off, why })}</div></section>`;
}
