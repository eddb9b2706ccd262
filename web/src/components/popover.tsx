import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import css from "./popover.module.css";

interface PopoverProps {
  /** What the button shows. */
  button: ReactNode;
  /** What the button is called where it shows too little, and the panel too. */
  label: string;
  className?: string;
  /** The side the panel keeps to. */
  align?: "start" | "end";
  /** Why it cannot be opened now. */
  off?: string;
  /** The panel is made when it opens; `close` gives the focus back to the button. */
  children: (close: () => void) => ReactNode;
}

const FOCUSABLE = "button:not([disabled]), a[href], input:not([disabled]), select, textarea, [tabindex='0']";

/** A button with a small panel under it: Escape, a press elsewhere or leaving it by Tab closes it. */
export function Popover({ button, label, className, align = "start", off, children }: PopoverProps) {
  const [wanted, setOpened] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  const opened = wanted && off === undefined;

  useEffect(() => {
    if (!opened) return;
    const first = panel.current?.querySelector<HTMLElement>("[data-first]");
    (first ?? panel.current?.querySelector<HTMLElement>(FOCUSABLE) ?? panel.current)?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpened(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [opened]);

  const close = () => {
    setOpened(false);
    opener.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from wherever the focus is inside
    <div
      ref={box}
      className={css.box}
      onKeyDown={(event) => {
        if (!opened) return;
        // Single keys pressed in here are not meant for the page behind.
        if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
      onBlur={(event) => {
        const next = event.relatedTarget as Node | null;
        if (opened && next && !box.current?.contains(next)) setOpened(false);
      }}
    >
      <button
        ref={opener}
        type="button"
        className={`${css.button} ${className ?? ""}`}
        aria-label={typeof button === "string" ? undefined : label}
        title={off ?? label}
        // Not `disabled`: whoever goes by keys is to learn the reason too.
        aria-disabled={off !== undefined || undefined}
        aria-haspopup="dialog"
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        onClick={() => setOpened(!opened && off === undefined)}
      >
        {button}
      </button>
      {opened && (
        <div
          ref={panel}
          id={id}
          className={css.panel}
          data-align={align}
          role="dialog"
          aria-label={label}
          tabIndex={-1}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
