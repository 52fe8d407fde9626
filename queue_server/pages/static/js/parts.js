// Parts that pages share: figures, the plate, chips, buttons, notices, the bar at the top.

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "./icons.js";
import { language, setLanguage, t } from "./i18n.js";

/** A counter's plate. */
export const plate = (label, off = false) => html`<span class="plate ${off ? "off" : ""}">${label}</span>`;

/** A number whose digits stand in cells; read out as one number. */
export const figures = (text) =>
  html`<span class="num tab"><span class="sr">${text}</span>${[...String(text)].map(
    (sign) => html`<b aria-hidden="true">${sign}</b>`,
  )}</span>`;

/** A state: kind is "", good, warn, stop, enamel or signal. */
export const chip = (kind, name, words) => html`<span class="chip ${kind}">${icon(name)}${words}</span>`;

/**
 * A button. One that cannot be used now keeps its place and its focus, and says why.
 * {icon, words, press, key, kind, off, why, label, expanded}
 */
export function button(it) {
  const off = Boolean(it.off);
  return html`<button
    type="button"
    class="b ${it.kind ?? ""}"
    aria-disabled=${off ? "true" : "false"}
    aria-keyshortcuts=${it.key ? it.key.replace("⇧", "Shift+") : nothing}
    aria-label=${it.label ?? nothing}
    aria-expanded=${it.expanded === undefined ? nothing : String(it.expanded)}
    title=${(off && it.why) || it.label || nothing}
    @click=${off ? nothing : it.press}
  >${it.icon ? icon(it.icon) : nothing}${it.words ? html`<span class="words">${it.words}</span>` : nothing}${
    it.key ? html`<kbd aria-hidden="true">${it.key}</kbd>` : nothing
  }</button>`;
}

/** What happened and what to do: kind is "", good, warn or stop. */
export const notice = (kind, name, words, more = nothing, end = nothing) =>
  html`<div class="notice ${kind}">${icon(name)}<div><p><b>${words}</b></p>${
    more === nothing ? nothing : html`<p>${more}</p>`
  }</div>${end}</div>`;

/** Whether the page is up to date, as a chip. */
export function linkChip(state) {
  if (state === "live") return chip("good", "link", t("page.link-live"));
  return chip(state ? "stop" : "", "unlink", state ? t("page.link-lost") : t("page.link-opening"));
}

/** Vietnamese and English, in one button that names the other one. */
export function languageButton(redraw) {
  const other = language() === "en" ? "vi" : "en";
  return html`<button type="button" class="b quiet" lang=${other} @click=${() => setLanguage(other).then(redraw)}>${
    icon("globe")
  }<span class="words">${t("page.other-language")}</span></button>`;
}
