// Sources in every state, and their ledgers.
export function makeHours(random, now, scale) {
  return Array.from({ length: 24 }, (_, index) => {
    const received = Math.floor((Math.sin((index - 4) / 4) + 1.2) * scale * (0.7 + random() * 0.6));
    const rejected = Math.floor(received * 0.01);
    const duplicate = Math.floor(received * 0.04);
    const updated = Math.floor(received * 0.01);
    const stored = Math.floor(received * 0.2);
    return {
      hour: new Date(Math.floor(now / 3_600_000) * 3_600_000 - (23 - index) * 3_600_000).toISOString(),
      received,
      stored,
      unmatched: received - stored - duplicate - updated - rejected,
      duplicate,
      updated,
      rejected,
    };
  });
}

export const sum = (tallies) =>
  tallies.reduce(
    (total, one) => ({
      received: total.received + one.received,
      stored: total.stored + one.stored,
      unmatched: total.unmatched + one.unmatched,
      duplicate: total.duplicate + one.duplicate,
      updated: total.updated + one.updated,
      rejected: total.rejected + one.rejected,
    }),
    { received: 0, stored: 0, unmatched: 0, duplicate: 0, updated: 0, rejected: 0 },
  );

export function makeSources(now) {
  const base = { settings: {}, secret_keys: [], quota: null, problem: null, next_attempt_at: null, lag_seconds: 2.4 };
  const ago = (seconds) => new Date(now - seconds * 1000).toISOString();
  const of = (id, connector, name, state, more) => ({
    id,
    connector,
    name,
    state,
    created_at: ago(500000),
    last_success_at: ago(12),
    last_item_at: ago(35),
    newest_published_at: ago(40),
    ...base,
    ...more,
  });
  return [
    of("11", "demo", "Демо-поток", "running", {}),
    of("12", "feed", "Городские новости", "running", {
      lag_seconds: 340,
      next_attempt_at: new Date(now + 240000).toISOString(),
      settings: { url: "https://example.org/feed.xml" },
    }),
    of("13", "mastodon", "mastodon.social", "failing", {
      lag_seconds: 5400,
      last_item_at: ago(5400),
      last_success_at: ago(5300),
      next_attempt_at: new Date(now + 60000).toISOString(),
      secret_keys: ["token"],
      problem: {
        code: "transient",
        message: "mastodon.social не отвечает: время ожидания вышло",
        advice: "Проверьте, открывается ли сервер в браузере; Molva попробует снова через минуту",
        since: ago(5300),
      },
    }),
    of("14", "bluesky", "Bluesky: вся сеть", "silent", {
      last_item_at: ago(1900),
      quota: { limit: 3000, remaining: 640, resets_at: new Date(now + 200000).toISOString() },
      problem: {
        code: "silent",
        message: "ничего нового уже 31 минуту",
        advice: "Обычно здесь несколько постов в секунду; проверьте слова отбора",
        since: ago(1900),
      },
    }),
    of("15", "push", "Наша CRM", "paused", { lag_seconds: null, last_item_at: null, last_success_at: null }),
  ];
}
