// The page of whoever holds a ticket: one number, where it stands, when it is called, where to go.

import { html, nothing, render } from "../vendor/lit-html.js";
import { act, Refused } from "./api.js";
import { abilities, alertsAreOn, allow, forbid, ring } from "./citizen/alerting.js";
import { followTicket } from "./citizen/link.js";
import { question } from "./citizen/rating.js";
import { below, inAWord, isOver } from "./citizen/states.js";
import { clockText, now, secondText, setNow } from "./clock.js";
import { confirm, redrawDialog } from "./dialogs.js";
import { both, loadTexts, t } from "./i18n.js";
import { button, languageButton, notice } from "./parts.js";

const element = document.documentElement;
const root = document.getElementById("page");
const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const key = new URLSearchParams(location.search).get("key") ?? "";
const CLOCK_MS = 1000;
const state = { view: null, isLost: false, lostSince: "", updatedAt: 0, rungFor: 0, fault: "", isLeaving: false };
let feed = null;

function draw() {
  const { view } = state;
  const isCalled = view?.state === "called" && !state.isLost;
  document.title = `${view ? (isCalled ? "● " : "") + inAWord(view) : t("citizen.unknown")} · ${hall()}`;
  render(
    html`<div class="phone ${isCalled ? "called" : ""} ${state.isLost ? "lost" : ""}"><header><p>${hall()}</p>${languageButton(all)}</header>
      <main>${view ? body(view, isCalled) : unknown()}</main></div>`,
    root,
  );
}

const hall = () => (state.view ? both(state.view.hall) : element.dataset.hall);

const unknown = () =>
  html`<section class="st"><h1>${t("citizen.unknown")}</h1><p>${t("citizen.unknown-lead")}</p><p>${t("citizen.unknown-new")}</p></section>`;

const body = (view, isCalled) => html`<div role="status">${
    state.isLost ? notice("stop", "unlink", t("citizen.lost", { time: state.lostSince }), t("citizen.lost-lead")) : nothing
  }</div>
  <section class="pt"><p class="lab"><span>${isCalled ? t("citizen.your-turn") : t("citizen.your-number")}</span><span>${
    view.called_at && view.state !== "waiting"
      ? t("citizen.called-at", { time: clockText(view.called_at) })
      : t("citizen.taken-at", { time: clockText(view.issued_at) })
  }</span></p><p class="num n${Math.min(9, view.shown.length)}">${view.shown}</p><p class="svc">${both(view.service)}</p></section>
  ${below(view, state.isLost)}${question(view, key, draw)}
  <div class="pa"><div role="alert">${state.fault ? notice("warn", "info", state.fault) : nothing}</div>${alertButton(view)}${
    view.may_cancel ? button({ icon: "x", words: t("citizen.cancel"), press: cancel, off: state.isLeaving }) : nothing
  }<p class="small">${
    view.again_s ? t("citizen.updated", { time: secondText(state.updatedAt) }) : nothing
  }</p></div>`;

function alertButton(view) {
  const can = abilities();
  const isOn = alertsAreOn();
  const mayCome = ["waiting", "held", "away", "absent"].includes(view.state) || (isOn && view.state === "called");
  if (can === "nothing" || !mayCome || isOver(view)) return nothing;
  return html`${button({
    icon: isOn ? "check" : "bell",
    words: isOn ? t.of("citizen.alert-on", can) : t.of("citizen.alert", can),
    kind: isOn ? "" : "go",
    press: toggle,
  })}${isOn ? html`<p class="small" role="status">${t("citizen.alert-keep")}</p>` : nothing}`;
}

async function toggle() {
  if (alertsAreOn()) forbid();
  else await allow();
  draw();
  if (state.view.state === "called") ring();
}

async function cancel() {
  if (state.isLeaving) return;
  const title = t("citizen.cancel-title", { number: state.view.shown });
  if (!(await confirm(title, t("citizen.cancel-lead"), t("citizen.cancel-go")))) return;
  state.isLeaving = true;
  state.fault = "";
  draw();
  try {
    await act("POST", `/tickets/${encodeURIComponent(id)}/cancel?${new URLSearchParams({ key })}`);
  } catch (fault) {
    state.fault = fault instanceof Refused ? fault.text : t("page.unreachable");
  }
  state.isLeaving = false;
  draw();
  feed.now();
}

function show(view) {
  if (view) {
    if (view.state !== state.view?.state) state.fault = "";
    state.view = view;
    if (view.state === "called" && view.call > state.rungFor) {
      state.rungFor = view.call;
      ring();
    }
  }
  state.updatedAt = now();
  draw();
}

function all() {
  draw();
  redrawDialog();
}

await loadTexts();
if (element.dataset.view) {
  const view = JSON.parse(element.dataset.view);
  setNow(view.at);
  show(view);
  feed = followTicket(
    id,
    key,
    {
      view: show,
      link(link) {
        state.isLost = link === "lost";
        if (!state.isLost) state.fault = ""; // What failed for want of a link is no news any more.
        state.lostSince = clockText(state.updatedAt);
        draw();
      },
      unknown() {
        state.view = null;
        draw();
      },
      wakes: alertsAreOn,
    },
    view.again_s,
  );
  setInterval(draw, 10 * CLOCK_MS); // What is said of the next minute may have become "any moment".
} else draw();
