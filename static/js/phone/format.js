// Days, money and counts as core/formats.py reads and shows them, on the phone.

const LONGEST = 40;
const MONTHS = new Map(
  (
    "januari jan january|februari feb pebruari peb february|maret mar march|april apr|mei may|" +
    "juni jun june|juli jul july|agustus agu agt ags aug august|september sep sept|" +
    "oktober okt oct october|november nov nopember nop|desember des dec december"
  )
    .split("|")
    .flatMap((names, at) => names.split(" ").map((name) => [name, at + 1])),
);
const ZONES = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const UNITS = { ribu: 3, rb: 3, juta: 6, jt: 6, miliar: 9, milyar: 9 }; // powers of ten
const ISO = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/;
const NUMBERS = /^(?<day>\d{1,2})(?<sep>[-/.])(?<month>\d{1,2})\k<sep>(?<year>\d{4}|\d{2})$/;
const WORDS = /^(?:[a-z']+,? +)?(?<day>\d{1,2})[ -](?<month>[a-z]+)\.?[ -](?<year>\d{4}|\d{2})$/;
const WHOLE = /^(\d+|\d{1,3}(\.\d{3})+)$/;
const MONEY =
  /^(?<whole>\d+|\d{1,3}(?:\.\d{3})+)(?:,(?<part>\d+|-))?(?: *(?<unit>ribu|rb|juta|jt|miliar|milyar))?$/;

export class Unreadable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const language = () => document.documentElement.lang || "id";
const zone = () => document.body.dataset.zone || "Asia/Makassar";
const plain = (text) => {
  const tidy = String(text).toLowerCase().trim().split(/\s+/).join(" ");
  return tidy.length <= LONGEST ? tidy : "";
};
const two = (number) => String(number).padStart(2, "0");
const shown = (options) => new Intl.DateTimeFormat(language(), options);

/** Today where the village is, as 2026-11-05. */
export function today(moment = new Date()) {
  return new Intl.DateTimeFormat("sv", { timeZone: zone() }).format(moment);
}

/** The day `days` after an ISO day. */
export function after(iso, days) {
  const moment = new Date(`${iso}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** An ISO day as it is typed: 5-11-2026. */
export function typedDay(iso) {
  return iso ? iso.split("-").map(Number).reverse().join("-") : "";
}

/** "5-11-2026", "5 nov 2026", "2026-11-05" → "2026-11-05". */
export function readDay(text, now = today()) {
  const tidy = plain(text);
  const found = [ISO, NUMBERS, WORDS].map((one) => one.exec(tidy)?.groups).find(Boolean);
  const month = /^\d+$/.test(found?.month ?? "") ? Number(found.month) : MONTHS.get(found?.month);
  if (!found || month === undefined) throw new Unreadable("bad_day");
  const year = Number(found.year) + (found.year.length === 4 ? 0 : 2000);
  const latest = Number(now.slice(0, 4)) + 1;
  if (found.year.length === 2 && (year < 2020 || year > latest)) throw new Unreadable("short_year");
  const iso = `${String(year).padStart(4, "0")}-${two(month)}-${two(found.day)}`;
  const there = new Date(`${iso}T00:00:00Z`);
  const same = !Number.isNaN(there.getTime()) && there.toISOString().startsWith(iso);
  if (!same || year < 1) throw new Unreadable("no_such_day");
  return iso;
}

/** "1.500" → 1500 */
export function readCount(text) {
  const tidy = plain(text).replaceAll(" ", "");
  if (WHOLE.test(tidy)) return Number(tidy.replaceAll(".", ""));
  if (/^[-−][\d.,]+$/.test(tidy)) throw new Unreadable("negative");
  throw new Unreadable(/^\d+([.,]\d+)+$/.test(tidy) ? "not_whole" : "not_a_number");
}

/** "Rp 12.500.000", "12,5 juta" → 12500000 */
export function readRupiah(text) {
  const tidy = plain(text)
    .replace(/^(rp\.?|idr) */, "")
    .replace(/(?<=\d) (?=\d)/g, "");
  if (/^[-−(]/.test(tidy)) throw new Unreadable("negative");
  const found = MONEY.exec(tidy)?.groups;
  if (!found) throw new Unreadable("bad_amount");
  const part = (found.part ?? "").replace("-", "").replace(/0+$/, "");
  const power = UNITS[found.unit] ?? 0;
  if (part.length > power) throw new Unreadable("cents");
  return Number(found.whole.replaceAll(".", "") + part + "0".repeat(power - part.length));
}

/** "-1,9085" → -1.9085 */
export function readPoint(text, limit) {
  const number = Number(text.trim().replace(",", "."));
  if (!Number.isFinite(number) || Math.abs(number) > limit) throw new Unreadable("invalid");
  return number;
}

/** 5 November 2026 */
export function dayLong(iso) {
  if (!iso) return "–";
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return shown(options).format(new Date(`${iso}T00:00:00Z`));
}

/** November 2026, of an ISO day */
export function monthLong(iso) {
  const options = { month: "long", year: "numeric", timeZone: "UTC" };
  return shown(options).format(new Date(`${iso.slice(0, 7)}-01T00:00:00Z`));
}

/** 14.05 */
export function clock(moment) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone() };
  const text = shown(options).format(new Date(moment));
  return language() === "id" ? text.replace(":", ".") : text;
}

/** 5 November 2026 pukul 14.07 WITA */
export function dayTime(moment) {
  const at = new Date(moment);
  const joint = language() === "id" ? "pukul" : "at";
  return `${dayLong(today(at))} ${joint} ${clock(at)} ${ZONES[zone()] ?? ""}`.trim();
}

/** 12.500; what is not known is a dash, never 0 */
export function count(value) {
  return value === null || value === undefined
    ? "–"
    : new Intl.NumberFormat(language(), { useGrouping: "always" }).format(value);
}

/** Rp12.500.000 */
export function rupiah(value) {
  return value === null || value === undefined ? "–" : `Rp${count(value)}`;
}

/** 12.500.000, as it is typed in any language */
export function typedRupiah(value) {
  return new Intl.NumberFormat("id", { useGrouping: "always" }).format(value);
}

/** 44,2 % of (n, m), half up */
export function percent(n, m) {
  if (!m) return "–";
  const tenths = Math.floor((2000 * n + m) / (2 * m));
  const number = new Intl.NumberFormat(language(), { minimumFractionDigits: 1 }).format(tenths / 10);
  return language() === "en" ? `${number}%` : `${number} %`;
}
