// The day in quarters of an hour: who came, who was called, who waited. A picture, and the same as a table.

import { html } from "../../vendor/lit-html.js";
import { changed, state } from "./state.js";
import { t } from "../i18n.js";
import { button } from "../parts.js";

const TICK_PX = 48;
let plot = null;
let drawn = "";

export const hourText = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export function curve() {
  const steps = state.view.day?.steps ?? [];
  const total = (name) => steps.reduce((sum, one) => sum + one[name], 0);
  return html`<section class="panel curve ${state.isTable ? "as-table" : ""}" aria-labelledby="curve-title"><h2 id="curve-title">${t("manager.curve")}<span class="legend-line"><i class="issued"></i>${t("manager.issued")} <i class="called"></i>${t("manager.called")} <i class="waits"></i>${t("manager.waited")} ${button({ kind: "small quiet", words: state.isTable ? t("manager.as-picture") : t("manager.as-table"), press: toggle })}</span></h2>
    ${steps.length ? "" : html`<p class="calm">${state.view.day ? t("manager.empty-day") : t("manager.reading")}</p>`}
    <div class="chart" role="img" aria-label=${t("manager.curve-words", { issued: total("issued"), called: total("called"), waiting: steps.at(-1)?.waiting ?? 0 })}></div>
    <div class=${state.isTable ? "scroll" : "sr"} tabindex=${state.isTable ? 0 : -1} role="group" aria-labelledby="curve-title"><table><thead><tr><th scope="col">${t("manager.col-from")}</th><th scope="col" class="right">${t("manager.issued")}</th><th scope="col" class="right">${t("manager.called")}</th><th scope="col" class="right">${t("manager.served")}</th><th scope="col" class="right">${t("manager.waited")}</th></tr></thead><tbody>${steps.map(
      (one) => html`<tr><th scope="row">${hourText(one.minute)}</th><td class="right">${one.issued}</td><td class="right">${one.called}</td><td class="right">${one.served}</td><td class="right">${one.waiting}</td></tr>`,
    )}</tbody></table></div></section>`;
}

function toggle() {
  state.isTable = !state.isTable;
  changed();
}

/** Bring the picture up to the view, once its place has been drawn and its script has come. */
export function paint() {
  const place = document.querySelector(".chart");
  const steps = state.view?.day?.steps ?? [];
  if (!place || state.isTable || !globalThis.uPlot || !steps.length) return drop();
  const box = place.getBoundingClientRect();
  const size = { width: Math.floor(box.width), height: Math.floor(box.height) };
  if (size.width < 80 || size.height < 60) return drop();
  const mark = `${size.width}x${size.height} ${document.documentElement.lang} ${steps.length}`;
  const data = [steps.map((_, index) => index), ...["issued", "called", "waiting"].map((name) => steps.map((one) => one[name]))];
  if (plot && plot.root.isConnected && mark === drawn) return plot.setData(data);
  drop();
  drawn = mark;
  plot = new globalThis.uPlot(options(size, steps), data, place);
  return undefined;
}

function drop() {
  plot?.destroy();
  plot = null;
}

function options(size, steps) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = '500 13px "Be Vietnam Pro", sans-serif';
  const bars = (align) => globalThis.uPlot.paths.bars({ size: [0.4, 24], align, gap: 1 });
  const axis = { stroke: colour("--ink2"), font, ticks: { show: false } };
  return {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: { x: { time: false, range: [-0.6, Math.max(7, steps.length) - 0.4] }, y: { range: (_, least, most) => [0, Math.max(5, Math.ceil(most * 1.1))] } },
    series: [
      {},
      { fill: colour("--data-second"), width: 0, paths: bars(-1), points: { show: false } },
      { fill: colour("--data-first"), width: 0, paths: bars(1), points: { show: false } },
      { stroke: colour("--ink"), width: 2, points: { show: steps.length < 3 } },
    ],
    axes: [
      { ...axis, grid: { show: false }, size: 26, gap: 4, splits: () => hours(steps, size.width), values: (_, splits) => splits.map((at) => hourText(steps[0].minute + at * 15)) },
      { ...axis, grid: { stroke: colour("--line"), width: 1 }, size: 34, gap: 6, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], space: 26 },
    ],
  };
}

// As many whole hours as have room, else every second, and so on.
function hours(steps, width) {
  const count = Math.max(7, steps.length);
  const room = Math.max(1, Math.floor((width - 42) / TICK_PX));
  const every = [1, 2, 4, 8, 16].find((step) => room * step >= count) ?? 32;
  const first = (every - ((steps[0].minute / 15) % every)) % every;
  return Array.from({ length: Math.ceil((count - first) / every) }, (_, index) => first + index * every);
}
