// The slip on 80 mm paper, through the browser's own printing. It stands beside the page, unseen on the screen; its
// length is measured, so that the paper is no longer than what is on it.

import { html, nothing, render, svg } from "../../vendor/lit-html.js";
import { get } from "../api.js";
import { clockText } from "../clock.js";
import { inLanguage } from "../i18n.js";
import { countersOf, expectation, few, people, serviceOf, state } from "./state.js";

const MM = 96 / 25.4; // CSS pixels in one millimetre.
const WIDTH_MM = 72; // What an 80 mm printer reaches: 576 dots, 8 a millimetre.
const DIGITS_SHARE = 0.98;
const FEED_MM = 4; // Room under the last line before the cut.
const DOTS_MM = 0.75; // Six dots of the printer for one module.
const QR_MM = 40; // At most so wide: the words beside it need the rest.
const QUIET = 4; // Light modules around a QR code.
const PLATES_MAX = 8;
const SETTLE_MS = 60;
const paper = document.createElement("section");
const size = new CSSStyleSheet();

/** Print the slip of a ticket; resolves when the browser has taken it. */
export async function printSlip(ticket) {
  const language = ticket.staff?.language === "en" ? "en" : "vi";
  const [say, code] = await Promise.all([inLanguage(language), codeOf(ticket), document.fonts.load("800 100px 'Be Vietnam Pro'")]);
  if (!paper.isConnected) {
    paper.className = "slip";
    paper.setAttribute("aria-hidden", "true");
    document.body.append(paper);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, size];
  }
  paper.lang = language;
  render(slip(ticket, say, language, code), paper);
  fit();
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  window.print();
}

// The number fills the width, whatever digits it has; then the length of the paper follows.
function fit() {
  const number = paper.querySelector(".number");
  number.style.fontSize = "100px";
  number.style.fontSize = `${(100 * WIDTH_MM * MM * DIGITS_SHARE) / number.firstElementChild.getBoundingClientRect().width}px`;
  const length = Math.ceil(paper.getBoundingClientRect().height / MM + FEED_MM);
  size.replaceSync(`@page{size:80mm ${length}mm;margin:0}`);
}

const codes = new Map();

// Only who gave the number has its key, and only a hall with a public address has a page to point to.
async function codeOf(ticket) {
  if (!ticket.url || !ticket.key) return null;
  if (!codes.has(ticket.id)) {
    const found = await get(`/tickets/${ticket.id}/qr?key=${ticket.key}`).catch(() => null);
    if (!found) return null;
    codes.clear();
    codes.set(ticket.id, found.rows);
  }
  return codes.get(ticket.id);
}

function qr(rows) {
  const side = rows.length + 2 * QUIET;
  const path = rows.map((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`).join("")).join("");
  return svg`<svg class="qr" width=${`${Math.min(side * DOTS_MM, QR_MM)}mm`} viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path d=${path}/></svg>`;
}

function slip(ticket, t, language, code) {
  const named = (words) => words[language] || words.vi;
  const when = expectation(ticket);
  const { first, more } = few(countersOf(ticket), PLATES_MAX);
  return html`<header>${named(state.hall.name)}</header>
    <p class="yours">${t("guide.slip-yours")}</p>
    <div class="number"><span>${ticket.shown}</span></div>
    <p class="service">${named(serviceOf(ticket.service).name)}</p>
    ${ticket.state === "waiting"
      ? html`<div class="when"><div><span>${t("guide.slip-about")}</span><b>${when ? clockText(when.about) : t("guide.slip-unknown")}</b></div>
          <div><span>${t("guide.slip-ahead")}</span><b>${state.link === "live" && ticket.ahead !== null ? people(ticket.ahead, t) : t("guide.slip-unknown")}</b></div></div>
        ${when?.bound ? html`<p class="bound">${t("guide.slip-bound", { time: clockText(when.bound) })}</p>` : nothing}`
      : nothing}
    ${first.length ? html`<p class="counters"><span>${t("guide.slip-counters")}</span>${first.map((one) => html`<b class="mark">${one.label}</b>`)}${more ? html`<span>${t("guide.more", { count: more })}</span>` : nothing}</p>` : nothing}
    ${code ? html`<div class="follow">${qr(code)}<p><b>${t("guide.slip-follow")}</b><span>${t("guide.slip-follow-more")}</span></p></div>` : nothing}
    <p class="missed">${t("guide.slip-missed")}</p>
    <footer><p>${t("guide.slip-taken", { time: clockText(ticket.issued_at), day: dayText(ticket.issued_at) })}</p>${
      ticket.head ? html`<p>${t("guide.slip-head", { head: ticket.head.match(/.{1,4}/g).join(" ") })}</p>` : nothing
    }</footer>`;
}

// The day as it stands in the instant itself, which carries the hall's own offset.
const dayText = (instant) => instant.slice(0, 10).split("-").reverse().join("/");
