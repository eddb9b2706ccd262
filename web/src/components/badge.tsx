import type { HTMLAttributes } from "react";
import css from "./badge.module.css";
import { Icon, type IconName } from "./icon";

/** How a state looks; its word comes from the locale. */
export interface Look {
  icon: IconName;
  colour: "good" | "bad" | "warn" | "calm";
}

/** A word, a drawing and a colour. */
export function Badge({ look, children, ...more }: { look: Look } & HTMLAttributes<HTMLSpanElement>) {
  return (
    <span className={css.badge} data-colour={look.colour} {...more}>
      <Icon name={look.icon} size={13} />
      {children}
    </span>
  );
}
