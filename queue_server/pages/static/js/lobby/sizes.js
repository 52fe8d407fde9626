// How large everything is: from the size of the screen and the distance of the farthest seat, in the rules' millimetres.
// Capital height is 0.74 of the font's size. Sources of the rules: EN 301 549 5.1.4 (0.7 degrees), EU rail L/250 x 1.25.

const CAPITAL = 0.74;
const CALL_MM = 12.2; // For each metre of distance: the call,
const LIST_MM = 5; // and the last calls, at least.
const DIGIT = 0.685; // The widest digit with its tracking, in em, so that 4444 takes no more room than was kept.
const COLUMNS = 7;
const BOARD_COUNTERS = { from: 7, to: 20 };
const MM_PER_INCH = 25.4;
export const DEFAULTS = { inches: 43, distance: 8 };

/**
 * Sizes in px for a window, and what is shown at all.
 * `it`: width, height (px), inches, distance (m), signs (of the longest number), counters, services, hasBar.
 */
export function sizes(it) {
  const isTall = it.height > it.width;
  const unit = isTall ? Math.min(it.width / 1080, it.height / 1920) : Math.min(it.width / 1920, it.height / 1080);
  const ppmm = Math.hypot(it.width, it.height) / (it.inches * MM_PER_INCH);
  const wanted = (it.distance * CALL_MM * ppmm) / CAPITAL;
  const least = (it.distance * LIST_MM * ppmm) / CAPITAL;
  const tries = variants(isTall, it.counters).map((one) => layout(it, one, { isTall, unit, least }));
  const best = Math.max(...tries.map((one) => one.hero));
  const chosen = tries.find((one) => one.hero >= Math.min(wanted, best * 0.99) - 0.5);
  const reach = (px, mm) => (px * CAPITAL) / ppmm / mm;
  const metres = Math.min(reach(chosen.hero, CALL_MM), reach(chosen.recent, LIST_MM));
  return { ...chosen, isTall, unit, ppmm, metres, isSmall: metres < it.distance - 0.05 };
}

/** What may be left out so that the call reaches the farthest seat, in order: board, strip, the third last call. */
function variants(isTall, counters) {
  const board = isTall || counters < BOARD_COUNTERS.from ? "" : counters <= BOARD_COUNTERS.to ? "counters" : "calls";
  return [
    { board, strip: true, rows: 3, isClose: false },
    { board, strip: true, rows: 3, isClose: true },
    { board: "", strip: true, rows: 3, isClose: true },
    { board: "", strip: false, rows: 3, isClose: true },
    { board: "", strip: false, rows: 2, isClose: true },
  ];
}

function layout(it, show, { isTall, unit, least }) {
  const bar = it.hasBar ? 92 * unit : 0;
  const lists = (isTall ? 176 : 146) * unit;
  const most = show.isClose ? Math.min(lists, Math.max(least, 80 * unit)) : lists;
  const strip = stripOf(it, show, isTall, unit);
  const boardRows = show.board === "counters" ? Math.ceil((it.counters + 1) / COLUMNS) : show.board ? 1 : 0;
  if (isTall) {
    const recent = Math.min((it.width - 140 * unit) / (DIGIT * it.signs + 1.2), most);
    const room = it.height - 158 * unit - bar - strip.height - show.rows * recent * 1.06;
    const hero = Math.min((it.width - 110 * unit) / (DIGIT * it.signs), (room - 200 * unit) / 1.52);
    return { ...show, hero, recent, strip, ...cells(it, unit, { isTall, bar }) };
  }
  const recent = Math.min((it.width / 3 - 100 * unit) / (DIGIT * it.signs + 1), most);
  const room = it.height - 98 * unit - bar - strip.height - boardRows * 82 * unit - recent * 1.34;
  const hero = Math.min((it.width - 230 * unit) / (DIGIT * it.signs + 1.5), (room - 118 * unit) / 0.8);
  return { ...show, hero, recent, strip, ...cells(it, unit, { isTall, bar }) };
}

/** The strip of services: how many beside each other, how tall, and what a unit in it is. */
function stripOf(it, show, isTall, unit) {
  const count = Math.min(it.services, 12) + 1;
  if (!show.strip || !it.services) return { columns: 0, height: 0, unit };
  const columns = isTall ? (count > 8 ? 3 : 2) : Math.ceil(count / (count > 7 ? 2 : 1));
  const scale = Math.min(1, (isTall ? 2.3 : 5.4) / columns);
  const line = (isTall ? 150 : 156) * scale;
  return { columns, height: (Math.ceil(count / columns) * line + 16) * unit, unit: unit * scale };
}

/** Figures in the shared area, by how many share it. */
function cells(it, unit, { isTall, bar }) {
  const rowsOf = (count) => (isTall ? Math.max(count, 2) : count > 4 ? 3 : 2);
  const room = it.height - (isTall ? 158 : 98) * unit - bar - (isTall ? 330 : 140) * unit - 32 * unit;
  const cell = (count) => {
    const columns = isTall || count <= 2 ? 1 : 2;
    const width = (it.width - 80 * unit) / columns - 14 * unit;
    const height = room / rowsOf(count) - 14 * unit;
    return Math.min((width - 100 * unit) / (DIGIT * it.signs + 1.1), height / 1.02);
  };
  return { cell };
}
