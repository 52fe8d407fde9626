// The start page: what this hall is called, whether it is open, and the way to every screen that the server has.

import { html, nothing, render } from "../vendor/lit-html.js";
import * as api from "./api.js";
import { follow } from "./feed.js";
import { both, language, loadTexts, t } from "./i18n.js";
import { icon } from "./icons.js";
import { chip, languageButton } from "./parts.js";

const element = document.documentElement;
const root = document.getElementById("page");
const ICONS = {
  lobby: "people", kiosk: "ticket", "sign-in": "lock", counter: "bell", guide: "ask", manager: "map", audit: "shield",
  admin: "edit", openapi: "book", readyz: "check",
};
const GROUPS = [
  ["home.public", ["lobby", "kiosk"]],
  ["home.staff", ["sign-in", "counter", "guide", "manager", "audit", "admin"]],
  ["home.machine", ["openapi", "readyz"]],
];
const ROLES = {
  counter: ["clerk", "manager", "admin"],
  guide: ["guide", "admin"],
  manager: ["manager", "auditor", "admin"],
  audit: ["auditor", "manager", "admin"],
  admin: ["admin"],
};
const paths = new Map(element.dataset.places.split(" ").map((path) => [/([a-z-]+)(\.json)?$/.exec(path)[1], path]));
const state = { view: null, isLost: false, who: null };

function draw() {
  const { view, who } = state;
  const name = view ? view.name : { vi: element.dataset.hall, en: element.dataset.hall };
  const second = language() === "en" ? name.vi : name.en;
  document.title = `${t("home.title")} · ${both(name)}`;
  render(
    html`<div class="start"><header class="bar"><b>${t("home.title")}</b><span class="space"></span><span class="me">${
      who ? t("home.signed-in", { name: who.name, role: t.of("home.role", who.role) }) : t("home.signed-out")
    }</span>${who ? html`<button type="button" class="b" @click=${leave}>${t("page.sign-out")}</button>` : nothing}${languageButton(draw)}</header>
      <main><div><h1 class="name">${both(name)}</h1>${second !== both(name) ? html`<p class="second" lang=${language() === "en" ? "vi" : "en"}>${second}</p>` : nothing}</div>
      <div class="now" role="status">${openness()}</div>${GROUPS.map(group)}</main></div>`,
    root,
  );
}

function openness() {
  const { view, isLost } = state;
  if (isLost) return chip("stop", "unlink", t("home.unreachable"));
  if (!view) return chip("", "clock", t("home.unknown"));
  const notice = view.notices[0];
  return html`${view.open ? chip("good", "check", t("home.open")) : chip("warn", "moon", t("home.closed"))}${notice ? html`<p>${both(notice.text)}</p>` : nothing}`;
}

function group([title, names]) {
  const known = names.filter((name) => paths.has(name) && !(name === "sign-in" && state.who));
  if (!known.length) return nothing;
  return html`<section aria-label=${t(title)}><h2>${t(title)}</h2><nav class="map" aria-label=${t(title)}>${known.map(place)}</nav>${
    known.includes("lobby") ? html`<p class="hint">${t("home.distance-hint")}</p>` : nothing
  }</section>`;
}

const place = (name) =>
  html`<a href=${paths.get(name)}>${icon(ICONS[name])}<span><b>${t.of("home.place", name)}</b><span>${t.of("home.about", name)}</span>${condition(name)}</span></a>`;

function condition(name) {
  if (!ROLES[name]) return nothing;
  if (!state.who) return html`<small>${t("home.needs-sign-in")}</small>`;
  return ROLES[name].includes(state.who.role) ? nothing : html`<small>${t("home.other-role")}</small>`;
}

async function leave() {
  await api.signOut().catch(() => null);
  state.who = null;
  element.dataset.signed = "no";
  draw();
}

async function start() {
  await loadTexts();
  draw();
  follow({ view: "lobby" }, {
    view(view) {
      state.view = view;
      draw();
    },
    link(link) {
      state.isLost = link !== "live";
      draw();
    },
  });
  if (element.dataset.signed !== "yes") return;
  state.who = await api.session().catch(() => null);
  draw();
}

start();
