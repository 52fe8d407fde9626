// A pictogram for a service, by what its id and name speak of. Halls name services as they like, so this is a guess;
// where nothing is recognised the ticket stands. Words are folded: no accents, no capitals.

const MARKS = /[\u0300-\u036f]/g;
const WORDS = [
  [/ket qua|result|pickup/, "tray"],
  [/dat dai|dia chinh|nha o|land|xay dung/, "map"],
  [/kinh doanh|hop tac|thue|business|tax/, "shop"],
  [/bao hiem|chinh sach|xa hoi|lao dong|nguoi co cong|insurance|social/, "umbrella"],
  [/can cuoc|cu tru|cong an|identity|residence/, "card"],
  [/ho tich|chung thuc|khai sinh|tu phap|civil|certif/, "book"],
  [/y te|giao duc|van hoa|health|school/, "people"],
  [/thanh toan|le phi|fee|pay/, "money"],
];

const folded = (text) => text.normalize("NFD").replace(MARKS, "").replace(/\u0111/gi, "d").toLowerCase().replace(/[-_\u00a0]/g, " ");

/** The name of an icon for this service. */
export function pictogram(service) {
  const said = folded(`${service.id} ${service.name.vi} ${service.name.en}`);
  return WORDS.find(([words]) => words.test(said))?.[1] ?? "ticket";
}
