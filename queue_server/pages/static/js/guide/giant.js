// The number for somebody who does not read: as large as the screen, with the counter's plate, the sign of an ear, and
// the sign of whom to ask. Where the machine has a voice of the citizen's language it is spoken as well.

import { html, nothing, render } from "../../vendor/lit-html.js";
import { icon } from "../icons.js";
import { inLanguage, t } from "../i18n.js";
import { button, plate } from "../parts.js";
import { shownOnScreen } from "./actions.js";
import { countersOf, few, state } from "./state.js";

const PLATES_MAX = 4; // More is no help to somebody who cannot read.
const SLOW = 0.8; // Old ears need time between digits.
let open = null;

/** The voice of a language on this machine, or undefined. */
export const voiceOf = (language) => window.speechSynthesis?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));

const languageOf = (ticket) => (ticket.staff?.language === "en" ? "en" : "vi");

/** Whether the number of this ticket can be spoken here. */
export const canSpeak = (ticket) => Boolean(voiceOf(languageOf(ticket)));

/** Say the number, digit by digit, and where to go or wait. */
export async function speak(ticket) {
  const language = languageOf(ticket);
  const say = await inLanguage(language);
  const counters = countersOf(ticket).slice(0, PLATES_MAX).map((one) => one.label);
  const number = [...ticket.shown].join(", ");
  const where = counters.join(` ${say("guide.say-or")} `);
  const words = ticket.state === "called" ? say("guide.say-called", { number, counter: where }) : say("guide.say-waiting", { number, counter: where });
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.lang = language === "en" ? "en-GB" : "vi-VN";
  spoken.voice = voiceOf(language);
  spoken.rate = SLOW;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

/** Show the open ticket to its citizen until somebody closes it. */
export function showGiant() {
  const { ticket } = state;
  if (!ticket || open) return;
  const element = document.createElement("dialog");
  const before = document.activeElement;
  element.className = "giant";
  open = element;
  element.addEventListener("close", () => {
    open = null;
    element.remove();
    window.speechSynthesis?.cancel();
    if (before?.isConnected) before.focus();
  });
  document.body.append(element);
  drawGiant();
  element.showModal();
  element.querySelector(".close")?.focus();
  if (canSpeak(ticket)) speak(ticket);
  shownOnScreen(ticket);
}

/** Draw it again; the ticket may have been called meanwhile. */
export function drawGiant() {
  if (!open) return;
  const { ticket } = state;
  if (!ticket) return open.close();
  const isCalled = ticket.state === "called" && state.link === "live"; // What may be old must not look fresh.
  const { first, more } = few(countersOf(ticket), PLATES_MAX);
  open.classList.toggle("calling", isCalled);
  open.setAttribute("aria-label", t("guide.giant-label", { number: ticket.shown }));
  render(
    html`<div class="huge num" data-length=${Math.min(ticket.shown.length, 9)}>${ticket.shown}</div>
      <div class="where">${icon(isCalled ? "arrow" : "ear")}<span class="sr">${isCalled ? t("guide.giant-go") : t("guide.giant-listen")}</span>${first.map((one) => plate(one.label, one.state === "closed"))}${more ? html`<span class="more">${t("guide.more", { count: more })}</span>` : nothing}</div>
      <footer><span class="askme">${icon("ask")}<b>${t("guide.ask-me")}</b></span>
        ${canSpeak(ticket) ? button({ icon: "speak", words: t("guide.speak"), press: () => speak(ticket) }) : nothing}
        ${button({ kind: "close", icon: "x", words: t("page.close"), press: () => open.close() })}</footer>`,
    open,
  );
}
