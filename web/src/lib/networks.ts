/** How a network is marked: two letters and a hue, ours and not its logo. */
export interface NetworkMark {
  title: string;
  letters: string;
  hue: string;
}

const KNOWN: Record<string, NetworkMark> = {
  vk: { title: "VK", letters: "VK", hue: "#3d6ea8" },
  ok: { title: "OK", letters: "OK", hue: "#b85c0c" },
  telegram: { title: "Telegram", letters: "TG", hue: "#217ca8" },
  max: { title: "MAX", letters: "MX", hue: "#5b4bb8" },
  matrix: { title: "Matrix", letters: "Mt", hue: "#2f6b4f" },
  mastodon: { title: "Mastodon", letters: "Ma", hue: "#5a4fcf" },
  bluesky: { title: "Bluesky", letters: "Bs", hue: "#1767c7" },
  twitter: { title: "X (Twitter)", letters: "X", hue: "#3c4350" },
  x: { title: "X (Twitter)", letters: "X", hue: "#3c4350" },
  instagram: { title: "Instagram", letters: "IG", hue: "#a8386f" },
  facebook: { title: "Facebook", letters: "FB", hue: "#2f5fb3" },
  youtube: { title: "YouTube", letters: "YT", hue: "#b32b23" },
  feed: { title: "RSS", letters: "Rs", hue: "#a85a12" },
  rss: { title: "RSS", letters: "Rs", hue: "#a85a12" },
  wordpress: { title: "WordPress", letters: "Wp", hue: "#2c6480" },
  discourse: { title: "Discourse", letters: "Ds", hue: "#7a5a1c" },
  mail: { title: "E-mail", letters: "@", hue: "#5a6b7d" },
  hackernews: { title: "Hacker News", letters: "HN", hue: "#b04a10" },
  reddit: { title: "Reddit", letters: "Rd", hue: "#b3401a" },
  nodebb: { title: "NodeBB", letters: "NB", hue: "#2b5f9e" },
  flarum: { title: "Flarum", letters: "Fl", hue: "#9a5218" },
  appstore: { title: "App Store", letters: "AS", hue: "#1f66b5" },
  googleplay: { title: "Google Play", letters: "GP", hue: "#2c7350" },
  news: { title: "News", letters: "Nw", hue: "#7a4a1f" },
  web: { title: "Web", letters: "Wb", hue: "#4b6170" },
  forum: { title: "Forum", letters: "Fo", hue: "#6a5a3a" },
  reviews: { title: "Reviews", letters: "Re", hue: "#8a5a10" },
  push: { title: "Push", letters: "Pu", hue: "#2f6f62" },
  import: { title: "Import", letters: "Im", hue: "#55606e" },
  demo: { title: "Demo", letters: "De", hue: "#6b4a8c" },
};

export function networkMark(network: string): NetworkMark {
  const known = KNOWN[network];
  if (known) return known;
  const title = network.charAt(0).toUpperCase() + network.slice(1);
  return { title, letters: title.slice(0, 2), hue: "#4b5563" };
}
