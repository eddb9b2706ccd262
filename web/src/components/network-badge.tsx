import { networkMark } from "~/lib/networks";
import css from "./network-badge.module.css";

/** Where a post is from: two letters on the network's hue, its name for those who cannot see it. */
export function NetworkBadge({ network, size = 20 }: { network: string; size?: number }) {
  const mark = networkMark(network);
  return (
    <span
      className={css.badge}
      style={{ background: mark.hue, width: size, height: size, fontSize: Math.round(size * 0.5) }}
      title={mark.title}
      role="img"
      aria-label={mark.title}
    >
      {mark.letters}
    </span>
  );
}
