// The emoji names that Slack texts and reactions use here. Unknown names are shown as :name:.

const NAMES = {
  ticket: "🎫", eyes: "👀", white_check_mark: "✅", rotating_light: "🚨", pushpin: "📌", ice_cube: "🧊",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", heart: "❤️", tada: "🎉", fire: "🔥", smile: "😄", grin: "😁", joy: "😂",
  slightly_smiling_face: "🙂", neutral_face: "😐", slightly_frowning_face: "🙁", disappointed: "😞", rage: "😡", angry: "😠", cry: "😢",
  sob: "😭", thinking_face: "🤔", pray: "🙏", clap: "👏", wave: "👋", raised_hands: "🙌", muscle: "💪", ok_hand: "👌", point_right: "👉",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪",
  large_purple_circle: "🟣", warning: "⚠️", x: "❌", heavy_check_mark: "✔️", question: "❓", exclamation: "❗", bell: "🔔", no_bell: "🔕",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", calendar: "📆", date: "📅", memo: "📝", pencil: "✏️",
  pencil2: "✏️", speech_balloon: "💬", thought_balloon: "💭", lock: "🔒", unlock: "🔓", key: "🔑", link: "🔗", paperclip: "📎",
  bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", newspaper: "📰", mega: "📣", loudspeaker: "📢",
  inbox_tray: "📥", outbox_tray: "📤", package: "📦", gift: "🎁", shopping_bags: "🛍️", label: "🏷️", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", robot_face: "🤖", rocket: "🚀", star: "⭐", sparkles: "✨", zap: "⚡", ocean: "🌊", snowflake: "❄️", sunny: "☀️",
  cloud: "☁️", coffee: "☕", palm_tree: "🌴", face_with_thermometer: "🤒", arrow_right: "➡️", arrow_upper_right: "↗️", leftwards_arrow_with_hook: "↩️",
  repeat: "🔁", twisted_rightwards_arrows: "🔀", no_entry: "⛔", no_entry_sign: "🚫", construction: "🚧", mag: "🔍", bulb: "💡", books: "📚",
  page_facing_up: "📄", clipboard: "📋", file_folder: "📁", wastebasket: "🗑️", shield: "🛡️", lighthouse: "🗼", globe_with_meridians: "🌐",
  fr: "🇫🇷", gb: "🇬🇧", us: "🇺🇸", one: "1️⃣", two: "2️⃣", three: "3️⃣", hand: "✋", raised_hand: "✋", new: "🆕", sos: "🆘",
};

/** The six that mean something to Vigie, as Slack names them. */
export const DESK = ["ticket", "eyes", "white_check_mark", "rotating_light", "pushpin", "ice_cube"];
/** A few more for the reaction menu. */
export const MORE = ["thumbsup", "heart", "tada", "pray", "joy", "fire"];

/** The character of `name`, or null. */
export function emoji(name) {
  return NAMES[name.split("::")[0]] || null;
}

/** Names that begin with or contain `part`, best first. */
export function findEmoji(part, limit) {
  const names = Object.keys(NAMES);
  const first = names.filter((name) => name.startsWith(part));
  const rest = names.filter((name) => !name.startsWith(part) && name.includes(part));
  return [...first, ...rest].slice(0, limit);
}
