import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./icon";
import css from "./source/form.module.css";

/** A text with a button that copies it. */
export function Copyable({ text, block = false }: { text: string; block?: boolean }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      // Without permission the text can still be selected by hand.
    }
  };
  const button = (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Icon name={copied ? "check" : "copy"} size={14} />}
      onClick={() => void copy()}
    >
      <span aria-live="polite">{t(copied ? "common.copied" : "common.copy")}</span>
    </Button>
  );
  if (block) {
    return (
      <div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
        <pre className={css.example} tabIndex={0}>
          {text}
        </pre>
        <div style={{ marginTop: 8 }}>{button}</div>
      </div>
    );
  }
  return (
    <div className={css.secret}>
      <code>{text}</code>
      {button}
    </div>
  );
}
