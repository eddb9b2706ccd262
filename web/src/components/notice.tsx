import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import css from "./states.module.css";

type Kind = "error" | "warning" | "good" | "info";
const ICONS: Record<Kind, IconName> = { error: "stop", warning: "warning", good: "finished", info: "dot" };

/** A sentence that must be seen where it belongs. Errors are spoken at once. */
export function Notice({ kind, children }: { kind: Kind; children: ReactNode }) {
  return (
    <div className={`${css.notice} ${css[kind]}`} role={kind === "error" ? "alert" : "status"}>
      <Icon name={ICONS[kind]} />
      <div>{children}</div>
    </div>
  );
}
