import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { figuresQuery } from "~/api/questions";
import css from "./defined.module.css";

const WIDTH = 340;
const ROOM = 230;

/** The name of a figure; what it means, what it counts and what it leaves out is shown on hover and focus. */
export function Defined({ figure, children }: { figure: string; children: ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<{ left: number; top?: number; bottom?: number } | null>(null);
  const found = useQuery(figuresQuery()).data?.find((one) => one.id === figure);

  useEffect(() => {
    if (!place) return;
    const close = () => setPlace(null);
    // The card hangs on the window, so it must not outlive a scroll of the page beneath it.
    addEventListener("scroll", close, true);
    addEventListener("resize", close);
    return () => {
      removeEventListener("scroll", close, true);
      removeEventListener("resize", close);
    };
  }, [place]);

  if (!found) return children;

  const open = () => {
    const spot = button.current?.getBoundingClientRect();
    if (!spot) return;
    const left = Math.max(8, Math.min(spot.left, innerWidth - WIDTH - 8));
    setPlace(
      innerHeight - spot.bottom < ROOM && spot.top > ROOM
        ? { left, bottom: innerHeight - spot.top + 6 }
        : { left, top: spot.bottom + 6 },
    );
  };
  const lines = [
    ["formula", found.formula],
    ["symbols", found.symbols],
    ["rows", found.rows],
    ["excludes", found.excludes],
    ["source", found.source ?? ""],
  ] as const;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer may rest on the card too; the button takes the keys
    <span className={css.box} onMouseEnter={open} onMouseLeave={() => setPlace(null)}>
      <button
        ref={button}
        type="button"
        className={`bare ${css.term}`}
        aria-describedby={place ? id : undefined}
        onFocus={open}
        onBlur={() => setPlace(null)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && place) {
            event.stopPropagation();
            setPlace(null);
          }
        }}
      >
        {children}
      </button>
      {place && (
        <span id={id} role="tooltip" className={css.card} style={place}>
          <strong>{found.name}</strong>
          {lines.map(([name, text]) =>
            text ? (
              <span key={name} className={css.line}>
                <span className={css.name}>{t(`questions.definition.${name}`)}</span> <span>{text}</span>
              </span>
            ) : null,
          )}
        </span>
      )}
    </span>
  );
}
