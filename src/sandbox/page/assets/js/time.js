// Dates as the office sees them: Europe/Paris, on the sandbox's clock.

export const ZONE = "Europe/Paris";
const formats = new Map();

function format(locale, options) {
  const name = locale + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  return formats.get(name);
}

let baseMs = Date.now();
let readAtMs = Date.now();
let stands = false;

/** Takes over the sandbox's clock. */
export function setClock(clockMs, manual) {
  baseMs = clockMs;
  readAtMs = Date.now();
  if (manual !== undefined) stands = manual;
}

/** The sandbox's time, in milliseconds since the epoch. */
export function nowMs() {
  return stands ? baseMs : baseMs + Date.now() - readAtMs;
}

/** "14:05", or "2:05 PM" for American readers. */
export function clockTime(ms, locale) {
  return format(locale, { hour: "numeric", minute: "2-digit" }).format(ms);
}

/** "Monday, 9 March" in the reader's order. */
export function longDay(ms, locale) {
  return format(locale, { weekday: "long", day: "numeric", month: "long" }).format(ms);
}

/** "09/03/2026 14:05" in the reader's order. */
export function dayAndTime(ms, locale) {
  return format(locale, { dateStyle: "short", timeStyle: "short" }).format(ms);
}

/** "Mon 9 Mar, 14:05", for the bar. */
export function barTime(ms, locale) {
  return format(locale, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false }).format(ms);
}

/** Formats with any options of Intl. */
export function custom(ms, locale, options) {
  return format(locale, options).format(ms);
}

/** "2026-03-09" in Paris, to tell days apart. */
export function dayKey(ms) {
  return format("sv-SE", { dateStyle: "short" }).format(ms);
}

function parisParts(ms) {
  const parts = {};
  for (const { type, value } of format("en-GB", { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).formatToParts(ms)) {
    parts[type] = Number(value);
  }
  return parts;
}

function offsetMs(ms) {
  const p = parisParts(ms);
  return Date.UTC(p.year, p.month - 1, p.day, p.hour % 24, p.minute, p.second) - Math.floor(ms / 1000) * 1000;
}

/** How far the next Monday-to-Friday 08:45 lies ahead, in milliseconds. */
export function untilNextWorkingMorning(fromMs) {
  const today = parisParts(fromMs);
  for (let days = 0; days < 8; days += 1) {
    const wall = Date.UTC(today.year, today.month - 1, today.day + days, 8, 45);
    const weekday = new Date(wall).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    let at = wall - offsetMs(wall);
    at = wall - offsetMs(at);
    if (at > fromMs) return at - fromMs;
  }
  return 86_400_000;
}

const STEPS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** "in 2 hours", "5 minutes ago", on the sandbox's clock. */
export function relative(ms, locale) {
  const seconds = Math.round((ms - nowMs()) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, "second");
}
