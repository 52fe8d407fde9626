// What the lobby draws: the call, those that share the large area, the last calls, the counters, the services.

import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "../icons.js";
import { both, language, t } from "../i18n.js";

const STRIP_MAX = 12;
const NEXT_MAX = 6;
const LATER = 7; // Cells of the board where it shows calls.
const other = () => (language() === "en" ? "vi" : "en");

/** The hall's first language, and below it the other. */
const twice = (words, second) => html`${words} <small lang=${other()}>${second}</small>`;

const signsOf = (label) => Math.min(String(label).length, 7);
const plate = (label, off = false) => html`<span class="plate l${signsOf(label)} ${off ? "off" : ""}">${label}</span>`;
const arrow = () => icon("arrow");

/** The call: yellow while it is news, dark afterwards. `s` gives texts of the other language. */
export function hero(call, isFresh, s) {
  const label = !isFresh ? "lobby.last" : call.isRepeat ? "lobby.again" : "lobby.now";
  return html`<section class="hero ${isFresh ? `fresh p${call.sequence % 2}` : "calm"}" role="status">
    <div class="who"><p class="lab">${twice(t(label), s(label))}</p><p class="num n">${call.shown}</p></div>
    <p class="to">${twice(t("lobby.to-counter"), s("lobby.to-counter"))}</p>${arrow()}
    <div class="where"><p class="lab">${twice(t("lobby.counter"), s("lobby.counter"))}</p>${plate(call.label)}</div></section>`;
}

/** Nobody was called yet. */
export const nobody = (s) =>
  html`<section class="hero calm nobody" role="status"><p>${t("lobby.none")}</p><p lang=${other()}>${s("lobby.none")}</p></section>`;

/** Up to six calls beside each other. The newest is filled, the others are outlined. */
export function cells(slots) {
  const newest = Math.max(...slots.map((one) => one.sequence));
  return html`<div class="shared" role="status"><ol class="cells k${slots.length}">${slots.map(
    (one) => html`<li class="cell ${one.sequence === newest ? `now p${one.sequence % 2}` : ""}"><span class="num n">${one.shown}</span>${plate(one.label)}</li>`,
  )}</ol></div>`;
}

/** Under a burst: what comes next, or else what was called before. */
export function foot(waiting, earlier, s) {
  const list = (waiting.length ? waiting : earlier).slice(0, NEXT_MAX);
  const key = waiting.length ? "lobby.to-come" : "lobby.last";
  const words = (say) => (waiting.length ? say(key, { count: waiting.length }) : say(key));
  return html`<div class="next ${list.length > 4 ? "many" : ""}"><p class="lab">${twice(words(t), words(s))}</p><ol>${list.map(
    (one) => html`<li><span class="num">${one.shown}</span>${arrow()}${plate(one.label)}</li>`,
  )}</ol></div>`;
}

/** The last calls before the one that is large. */
export const recent = (calls, off = false) =>
  html`<ol class="recent" aria-label=${t("lobby.last")}>${calls.map(
    (one) => html`<li><span class="num n">${one.shown}</span>${plate(one.label, off)}</li>`,
  )}</ol>`;

/** Every counter with its number, or with what it does. */
export const board = (counters, calling, s) =>
  html`<ul class="board" aria-label=${t("lobby.counters")}>${counters.map((one) => {
    const isNow = calling.some((call) => call.counter === one.number && call.shown === one.shown);
    return html`<li class=${isNow ? "now" : ""}>${plate(one.label, one.shown === null)}${
      one.shown === null ? html`<em>${t.of("lobby.state", one.state)}</em>` : html`<span class="num">${one.shown}</span>`
    }</li>`;
  })}<li class="key"><span>${twice(t("lobby.key"), s("lobby.key"))}</span></li></ul>`;

/** The same place in a hall with more counters: the calls before the last ones. */
export const later = (calls) =>
  html`<ol class="board" aria-label=${t("lobby.last")}>${calls.slice(0, LATER).map(
    (one) => html`<li>${plate(one.label)}<span class="num">${one.shown}</span></li>`,
  )}</ol>`;

/** Each service: who waits, about how long, who is next; at the end how the day is so far. */
export const strip = (view, s) =>
  html`<ul class="strip" aria-label=${t("lobby.services")}>${view.services.slice(0, STRIP_MAX).map((one) => service(one, view.open))}${mean(view, s)}</ul>`;

function service(one, isOpen) {
  const name = both(one.name);
  const size = name.length > 70 ? "tiny" : name.length > 34 ? "long" : "";
  return html`<li><p class="name ${size}">${name}${one.waiting ? html` <i>${t("lobby.waiting", { count: one.waiting })}</i>` : nothing}</p>
    <p class="wait">${isOpen || one.waiting ? waitText(one) : t("lobby.closed")}</p><p class="then">${
      one.next.length ? html`${t("lobby.next")} <b>${one.next.join(" · ")}</b>` : nothing
    }</p></li>`;
}

function waitText(one) {
  if (one.expected_wait_s === null) return one.waiting ? html`<span class="dim">${t("lobby.unknown")}</span>` : t("lobby.nobody-waits");
  if (!one.waiting && one.expected_wait_s < 60) return t("lobby.at-once");
  return html`<small>${t("lobby.about")}</small> ${minutes(one.expected_wait_s)}`;
}

const minutes = (seconds) => t("lobby.minutes", { count: Math.max(1, Math.round(seconds / 60)) });

function mean(view, s) {
  if (view.wait_mean_s === null || view.wait_mean_s === undefined) return nothing;
  const isGood = view.wait_mean_s <= view.goal_s;
  const goal = { count: Math.round(view.goal_s / 60) };
  return html`<li class="fit ${isGood ? "good" : ""}"><p class="name">${t("lobby.mean")}</p><p class="wait">${minutes(view.wait_mean_s)}</p>
    <p class="then">${isGood ? t("lobby.goal-kept", goal) : t("lobby.goal", goal)}</p></li>`;
}

/** A sentence for everybody, over the call. */
export const bar = (name, words, second) => html`<div class="say">${icon(name)}<p>${words}<small lang=${other()}>${second}</small></p></div>`;

/** The link is lost: nothing on the screen may look like a call. */
export const stale = (s) =>
  html`<section class="stale" role="alert">${icon("unlink")}<div><h2>${t("lobby.stale")}</h2><p><span>${t("lobby.stale-lead")}</span><span>${t("lobby.stale-valid")}</span></p>
    <p class="second" lang=${other()}>${s("lobby.stale")}. ${s("lobby.stale-lead")} ${s("lobby.stale-valid")}</p></div></section>`;
