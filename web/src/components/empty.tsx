import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import css from "./states.module.css";

interface EmptyProps {
  icon: IconName;
  title: string;
  text?: string;
  /** Something went wrong. */
  bad?: boolean;
  /** It stands for the whole page, so its title is the page's. */
  page?: boolean;
  children?: ReactNode;
}

/** A place with nothing in it: what it is for and the next step. */
export function Empty({ icon, title, text, bad = false, page = false, children }: EmptyProps) {
  const Title = page ? "h1" : "h2";
  return (
    <div className={css.empty}>
      <div className={`${css.badge} ${bad ? css.badgeBad : ""}`}>
        <Icon name={icon} size={24} />
      </div>
      <Title className={css.title}>{title}</Title>
      {text && <p>{text}</p>}
      {children && <div className={css.actions}>{children}</div>}
    </div>
  );
}
