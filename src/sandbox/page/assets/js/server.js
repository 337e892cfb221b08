// Talks to the sandbox: reads snapshots, posts acts, listens for changes.

async function call(path, options) {
  try {
    const response = await fetch(path, options);
    const text = await response.text();
    let body = null;
    try {
      body = text ? JSON.parse(text) : {};
    } catch {
      body = { error: text.slice(0, 300) };
    }
    if (response.ok && body?.ok !== false) return { ok: true, body };
    return { ok: false, body, error: body?.error || `HTTP ${response.status}` };
  } catch {
    return { ok: false, body: null, error: "offline" };
  }
}

/** GET; gives `{ok, body, error}` and never throws. */
export function read(path) {
  return call(path, { headers: { accept: "application/json" } });
}

/** POST of JSON; gives `{ok, body, error}` and never throws. */
export function write(path, body) {
  return call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Calls `onVersions` with the versions of all sandboxes now and at each change; reconnects by itself. */
export function listen(onVersions, onLink) {
  const stream = new EventSource("/api/changes");
  stream.onmessage = (event) => {
    onLink(true);
    onVersions(JSON.parse(event.data));
  };
  stream.onerror = () => onLink(false);
}

/** Runs `load` again and again while asked, never twice at once, and not more often than every `gapMs`. */
export function refresher(load, gapMs = 120) {
  let running = false;
  let again = false;
  return async function refresh() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await load();
      await new Promise((done) => setTimeout(done, gapMs));
    }
    running = false;
  };
}

/** A small memory in this browser. */
export const memory = {
  get(name, fallback) {
    try {
      const text = localStorage.getItem(`vigie.${name}`);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`vigie.${name}`, JSON.stringify(value));
    } catch {
      // A browser without storage still works; it only forgets.
    }
  },
};
