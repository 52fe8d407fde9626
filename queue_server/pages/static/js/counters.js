// The choice of counter: every counter with what it serves and who works there.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import { both, loadTexts, t } from "./i18n.js";
import { languageButton, notice, plate } from "./parts.js";

const REFRESH_MS = 5000;
const root = document.getElementById("page");
const state = { hall: null, fault: "", who: null };

function draw() {
  document.title = `${t("counters.title")} · ${document.documentElement.dataset.hall}`;
  const names = new Map((state.hall?.services ?? []).map((one) => [one.id, both(one.name)]));
  render(
    html`<div class="gate"><header class="bar"><h1>${state.hall ? both(state.hall.name) : document.documentElement.dataset.hall}</h1><span class="space"></span>
      <span class="me">${state.who?.name ?? nothing}</span>${languageButton(draw)}<button type="button" class="b" @click=${leave}>${t("page.sign-out")}</button></header>
      <main class="wide"><h1 class="big">${t("counters.title")}</h1><p class="lead">${t("counters.lead")}</p>
        <div role="alert">${state.fault ? notice("stop", "unlink", state.fault) : nothing}</div>
        <nav class="choose" aria-label=${t("counters.title")}>${(state.hall?.counters ?? []).map((one) => line(one, names))}</nav></main></div>`,
    root,
  );
}

const line = (one, names) =>
  html`<a href="/counter/${one.number}">${plate(one.label, one.state === "closed")}<span><b>${
    one.services.map((service) => names.get(service) ?? service).join(" · ") || t("counters.serves-nothing")
  }</b><small>${t.of("page.counter", one.state)}${one.clerk ? html` · ${one.clerk}` : nothing}</small></span></a>`;

async function leave() {
  await api.signOut().catch(() => null);
  location.assign("/sign-in");
}

async function refresh() {
  try {
    state.hall = await api.get("/hall");
    state.fault = "";
  } catch (fault) {
    if (fault.status === 401) return api.goSignIn();
    state.fault = fault instanceof api.Refused ? fault.text : t("page.unreachable");
  }
  draw();
}

await loadTexts();
state.who = await api.session().catch(() => null);
await refresh();
setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
