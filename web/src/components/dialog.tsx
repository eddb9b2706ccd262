import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./dialog.module.css";

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: number;
  children: ReactNode;
}

/**
 * A window over the page. Its head is a plain box, because Mantine's is a `<header>`, a second banner to screen readers;
 * the page is not locked, because that needs an inline style sheet, and it does not scroll anyway.
 */
export function Dialog({ opened, onClose, title, size = 440, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={css.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("common.close")} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The answers of a question, the safe one first. */
export function Answers({ children }: { children: ReactNode }) {
  return <div className={css.answers}>{children}</div>;
}

interface QuestionProps extends Omit<DialogProps, "onClose" | "size"> {
  yes: string;
  /** Else it is to cancel. */
  no?: string;
  /** What yes does cannot be taken back. */
  grave?: boolean;
  busy?: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** Asked before something is done. */
export function Question({ yes, no, grave, busy, onYes, onNo, children, ...dialog }: QuestionProps) {
  const { t } = useTranslation();
  return (
    <Dialog {...dialog} onClose={onNo}>
      {children}
      <Answers>
        <Button variant="default" onClick={onNo}>
          {no ?? t("common.cancel")}
        </Button>
        <Button color={grave ? "red" : undefined} loading={busy} onClick={onYes}>
          {yes}
        </Button>
      </Answers>
    </Dialog>
  );
}
