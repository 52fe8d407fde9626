// Choosing a procedure: found as somebody types, by code or in their own words.

import { html, nothing } from "../../vendor/lit-html.js";
import { ask, backAndGo, picks } from "../dialogs.js";
import { both, t } from "../i18n.js";
import { search } from "../procedures.js";
import { state } from "./state.js";

const TYPING_MS = 150; // So long a pause means that somebody waits for the answer.
const CODE = /^\d\.\d{6}$/;

/** A procedure for this visit, by its code; undefined for none. Where the hall has no names, the code is typed. */
export function addProcedure() {
  let words = "";
  let looked = null; // The words that `found` answers; null before the first answer.
  let found = [];
  let code = "";
  let timer = 0;
  let isLost = false;
  return ask((handle) => {
    const look = async () => {
      const asked = words;
      const answer = await search(asked).catch(() => null);
      if (asked !== words) return; // Somebody went on typing; the next answer is on its way.
      isLost = answer === null;
      looked = isLost ? null : asked;
      found = answer ?? [];
      code = asked || !found.length ? (found[0]?.code ?? "") : "";
      handle.draw();
    };
    const typed = (event) => {
      words = event.target.value.trim();
      clearTimeout(timer);
      if (state.hall.procedures) timer = setTimeout(look, TYPING_MS);
    };
    const moved = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !found.length) return;
      event.preventDefault();
      const at = found.findIndex((one) => one.code === code) + step;
      code = found[Math.min(Math.max(at, 0), found.length - 1)].code;
      handle.draw();
      document.querySelector("dialog .pick:has(:checked)")?.scrollIntoView({ block: "nearest" });
    };
    const submit = () => {
      if (!state.hall.procedures) return words && handle.close(words);
      if (looked === words) {
        if (code) return handle.close(code);
        return CODE.test(words) ? handle.close(words) : undefined;
      }
      clearTimeout(timer); // Enter came before the answer: it is shown first, so that nobody adds what they never saw.
      return look();
    };
    if (looked === null && !words && !timer && state.hall.procedures) timer = setTimeout(look, 0);
    return {
      title: t("clerk.add-procedure"),
      body: html`<div class="look"><label class="field"><span>${state.hall.procedures ? t("clerk.procedure-words") : t("clerk.procedure-code")}</span><input class="in" maxlength="200" autocomplete="off" spellcheck="false" autofocus @input=${typed} @keydown=${moved}></label><div role="status">${
        isLost ? said(t("page.unreachable")) : looked && !found.length ? said(CODE.test(words) ? t("clerk.procedure-by-code") : t("clerk.procedure-none")) : nothing
      }</div></div>${found.length ? picks("procedure", looked ? t("clerk.procedure-found") : t("clerk.procedure-common"), found.map(line), code || undefined, (value) => (code = value), "plain") : nothing}`,
      buttons: backAndGo(handle, t("page.add")),
      submit,
    };
  });
}

const said = (text) => html`<p class="lead">${text}</p>`;

// Short names repeat; the legal name tells them apart, two lines of it, and the whole of it on pointing.
function line(one) {
  const short = both(one.short_name) || one.name;
  return {
    value: one.code,
    words: html`<span class="what" title=${one.name}>${short}</span>`,
    more: html`<span class="legal" title=${one.name}>${one.code}${one.name && one.name !== short ? ` · ${one.name}` : ""}</span>`,
  };
}
