import { ActionIcon } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon";
import css from "./filters.module.css";

interface NarrowingPaneProps {
  /** To screen readers. */
  label: string;
  title: string;
  /** Beside the title. */
  action?: ReactNode;
  busy?: boolean;
  /** Shown over the list on screens that have no room for a column. */
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The column beside a list by which it is narrowed. */
export function NarrowingPane({ label, title, action, busy, opened, onClose, children }: NarrowingPaneProps) {
  const { t } = useTranslation();
  const pane = useRef<HTMLElement>(null);

  useEffect(() => {
    if (opened) pane.current?.focus();
  }, [opened]);

  return (
    <>
      {opened && <div className={css.shade} onClick={onClose} aria-hidden />}
      <section
        ref={pane}
        className={css.pane}
        data-opened={opened}
        tabIndex={-1}
        aria-label={label}
        aria-busy={busy}
        onKeyDown={(event) => {
          if (opened && event.key === "Escape") {
            event.stopPropagation();
            onClose();
          }
        }}
      >
        <div className={css.title}>
          <h2>{title}</h2>
          {action}
          <ActionIcon
            className={css.close}
            variant="subtle"
            color="gray"
            aria-label={t("common.close")}
            onClick={onClose}
          >
            <Icon name="close" />
          </ActionIcon>
        </div>
        {children}
      </section>
    </>
  );
}
