import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import css from "./states.module.css";

/** A page with nothing on it: what it is for and the next step. */
export function Empty(props: { icon: IconName; title: string; text?: string; bad?: boolean; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      <div className={`${css.badge} ${props.bad ? css.badgeBad : ""}`}>
        <Icon name={props.icon} size={24} />
      </div>
      <h2>{props.title}</h2>
      {props.text && <p>{props.text}</p>}
      {props.children && <div className={css.actions}>{props.children}</div>}
    </div>
  );
}
