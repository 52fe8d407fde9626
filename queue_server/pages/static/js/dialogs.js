// Dialogs: one at a time, closed by Escape, answered once. Digits choose, Enter confirms.

import { html, nothing, render } from "../vendor/lit-html.js";
import { t } from "./i18n.js";

let open = null;

/** Whether a dialog is open: keys of the page rest meanwhile. */
export const isOpen = () => open !== null;

/** Draw the open dialog again, such as after the language or the link changed. */
export const redrawDialog = () => open?.draw();

/**
 * Ask something. `content({close, draw})` gives {title, body, buttons}; resolves to what close() was given,
 * undefined for Escape.
 */
export function ask(content) {
  open?.close(undefined);
  const element = document.createElement("dialog");
  element.setAttribute("aria-labelledby", "dialog-title");
  const before = document.activeElement;
  return new Promise((resolve) => {
    let answer;
    const handle = {
      close(value) {
        answer = value;
        element.close();
      },
      draw() {
        const { title, body, buttons, submit } = content(handle);
        const send = (event) => {
          event.preventDefault();
          submit?.();
        };
        render(
          html`<form novalidate @submit=${send}><h2 id="dialog-title">${title}</h2><div class="body">${body}</div>
            <footer>${buttons}</footer></form>`,
          element,
        );
      },
    };
    element.addEventListener("close", () => {
      if (open === handle) open = null;
      element.remove();
      if (before?.isConnected) before.focus();
      resolve(answer);
    });
    element.addEventListener("keydown", digits);
    open = handle;
    document.body.append(element);
    handle.draw();
    element.showModal();
    element.querySelector("[autofocus]")?.focus();
  });
}

// A digit chooses the line that carries it, unless somebody writes.
function digits(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea")) return;
  const line = event.currentTarget.querySelector(`[data-digit="${event.key}"] input`);
  if (!line) return;
  event.preventDefault();
  line.click();
  line.focus();
}

/** The two buttons at the foot: back, and go. */
export const backAndGo = (handle, words, isReady = true) =>
  html`<button type="button" class="b" @click=${() => handle.close(undefined)}>${t("page.back")}</button
    ><button type="submit" class="b go" aria-disabled=${isReady ? "false" : "true"}>${words}</button>`;

/** Lines of which one is chosen: [{value, words, more}]; `set(value)` is told. Digits 1 to 9 choose. */
export const picks = (name, legend, lines, chosen, set, columns = "") =>
  html`<fieldset class="picks ${columns}"><legend class="legend">${legend}</legend>${lines.map(
    (line, index) =>
      html`<label class="pick" data-digit=${index < 9 && !columns.includes("plain") ? String(index + 1) : nothing}
        ><input type="radio" name=${name} .checked=${line.value === chosen} ?autofocus=${
          chosen === undefined || chosen === "" ? index === 0 : line.value === chosen
        } @change=${() => set(line.value)}><span>${line.words}${
          line.more ? html`<small>${line.more}</small>` : nothing
        }</span>${index < 9 && !columns.includes("plain") ? html`<span class="kbd" aria-hidden="true">${index + 1}</span>` : nothing}</label>`,
  )}</fieldset>`;

/** A box to tick. */
export const tick = (words, isOn, set) =>
  html`<label class="tick"><input type="checkbox" .checked=${isOn} @change=${(event) => set(event.target.checked)}><span>${words}</span></label>`;

/** Ask for yes in plain words; resolves to true or undefined. */
export const confirm = (title, lead, go) =>
  ask((handle) => ({
    title,
    body: html`<p class="lead">${lead}</p>`,
    buttons: backAndGo(handle, go),
    submit: () => handle.close(true),
  }));
