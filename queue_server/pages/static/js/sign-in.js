// The sign-in page: name and password, and a new password where the present one was for one time.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import { loadTexts, t } from "./i18n.js";
import { languageButton, notice } from "./parts.js";

const HOMES = { clerk: "/counter", manager: "/manager", auditor: "/manager", admin: "/manager", guide: "/guide" };
const root = document.getElementById("page");
const state = { who: null, busy: false, fault: "", oneTime: "" }; // What was typed a moment ago is not asked for again.

/** Where to go afterwards: back where one came from, which must be a page of this hall. */
function destination() {
  const next = new URLSearchParams(location.search).get("next");
  if (next && /^\/[a-z0-9][a-z0-9/-]*$/i.test(next)) return next;
  const { role, counter } = state.who;
  return role === "clerk" && counter ? `/counter/${counter}` : (HOMES[role] ?? "/");
}

function draw() {
  document.title = `${t("sign-in.title")} · ${document.documentElement.dataset.hall}`;
  render(
    html`<div class="gate"><header class="bar"><h1>${document.documentElement.dataset.hall}</h1><span class="space"></span>${languageButton(draw)}</header>
      <main>${state.who?.password_change_needed ? changing() : signing()}</main></div>`,
    root,
  );
}

const fault = () => html`<div role="alert">${state.fault ? notice("stop", "warn", state.fault) : nothing}</div>`;

const field = (name, words, type, fill, more = "") =>
  html`<label class="field"><span>${words}</span><input class="in" name=${name} type=${type} autocomplete=${fill} autocapitalize="none" spellcheck="false" maxlength="256" required>${
    more ? html`<small>${more}</small>` : nothing
  }</label>`;

const send = (words) =>
  html`<button type="submit" class="b primary" aria-disabled=${state.busy ? "true" : "false"}>${state.busy ? t("page.sending") : words}</button>`;

const signing = () =>
  html`<h1 class="big">${t("sign-in.title")}</h1><p class="lead">${t("sign-in.lead")}</p>
    <form novalidate @submit=${submitSignIn}>${field("login", t("sign-in.login"), "text", "username")}${field("password", t("sign-in.password"), "password", "current-password")}${fault()}${send(t("sign-in.go"))}</form>`;

const changing = () =>
  html`<h1 class="big">${t("sign-in.change-title")}</h1><p class="lead">${t("sign-in.change-lead")}</p>
    <form novalidate @submit=${submitChange}><input class="sr" name="login" autocomplete="username" tabindex="-1" aria-hidden="true" readonly .value=${state.who.name}>${state.oneTime ? nothing : field("password", t("sign-in.one-time"), "password", "current-password")}${field("new", t("sign-in.new"), "password", "new-password", t("sign-in.new-hint"))}${field("again", t("sign-in.again"), "password", "new-password")}${fault()}${send(t("sign-in.change-go"))}
      <button type="button" class="b quiet" @click=${leave}>${t("page.sign-out")}</button></form>`;

function submitSignIn(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  if (!isFilled(event.target)) return complain(t("sign-in.fill"), "");
  return run("password", async () => {
    state.who = await api.signIn(form.get("login"), form.get("password"));
    if (state.who.password_change_needed) state.oneTime = form.get("password");
  });
}

function submitChange(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  if (!isFilled(event.target)) return complain(t("sign-in.fill"), "");
  if (form.get("new") !== form.get("again")) return complain(t("sign-in.differ"), "again");
  return run("new", async () => {
    state.who = await api.changePassword(state.oneTime || form.get("password"), form.get("new"));
  });
}

const isFilled = (form) => [...form.querySelectorAll("input:not([readonly])")].every((input) => input.value);

const leave = () => run("", async () => {
  await api.signOut();
  state.who = null;
  state.oneTime = "";
});

function say(words) {
  state.fault = words;
  draw();
}

/** To the field that is to be typed anew, by its name; to the first empty one, or the first, without a name. */
function focusOn(name) {
  const inputs = [...root.querySelectorAll("input:not([readonly])")];
  const input = inputs.find((one) => one.name === name) ?? inputs.find((one) => !one.value) ?? inputs[0];
  input?.focus();
  input?.select();
}

function complain(words, name) {
  say(words);
  focusOn(name);
}

async function run(name, work) {
  if (state.busy) return;
  const before = state.who;
  state.busy = true;
  say("");
  try {
    await work();
    if (state.who && !state.who.password_change_needed) {
      location.replace(destination());
      return; // The button stays off until the next page is there.
    }
    state.fault = "";
  } catch (problem) {
    state.fault = problem instanceof api.Refused ? problem.text : t("page.unreachable");
    if (problem.code === "sign-in-wrong") state.oneTime = ""; // It was given anew meanwhile: ask for it.
  }
  state.busy = false;
  draw();
  focusOn(state.who === before ? name : "");
}

await loadTexts();
// Whether somebody is signed in stands on the page: asking in vain would be an error in the browser's log.
state.who = document.documentElement.dataset.signed === "yes" ? await api.session().catch(() => null) : null;
if (state.who && !state.who.password_change_needed && new URLSearchParams(location.search).has("next") === false) {
  location.replace(destination());
} else {
  if (state.who && !state.who.password_change_needed) state.who = null; // Sent here because the page is not theirs.
  draw();
  focusOn("");
}
