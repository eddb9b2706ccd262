import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "~/api/operations";
import { sessionQuery } from "~/api/queries";
import { forgetPlace } from "~/state/live";
import { SCHEMES, schemePreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import css from "./account-menu.module.css";

/** The person: colours, settings, the way out. */
export function AccountMenu({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const me = useQuery(sessionQuery).data;
  const scheme = useStore(schemePreference);
  const [opened, setOpened] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!opened) return;
    items(box.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpened(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [opened]);

  const leave = async () => {
    await signOut().catch(() => {});
    forgetPlace();
    await navigate({ to: "/sign-in", search: {} });
    cache.clear();
  };

  const close = () => {
    setOpened(false);
    opener.current?.focus();
  };

  const choose = (action: () => void) => () => {
    close();
    action();
  };

  const press = (event: KeyboardEvent) => {
    if (!opened) return;
    const all = items(box.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[(to + all.length) % all.length]?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpened(false);
    if (to !== undefined || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  const name = me?.user.name ?? "";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move the focus between the items inside
    <div ref={box} className={css.box} onKeyDown={press}>
      <button
        ref={opener}
        type="button"
        className={`bare ${css.avatar}`}
        aria-label={t("frame.account", { name })}
        aria-haspopup="menu"
        aria-expanded={opened}
        data-initials={initials(name)}
        onClick={() => setOpened(!opened)}
      />
      {opened && (
        <div className={css.menu} role="menu" aria-label={t("frame.account", { name })}>
          <button type="button" role="menuitem" tabIndex={-1} onClick={choose(onPalette)}>
            <Icon name="bolt" /> <span>{t("palette.title")}</span> <kbd>Ctrl K</kbd>
          </button>
          <hr />
          {SCHEMES.map((one) => (
            <button
              key={one}
              type="button"
              role="menuitemradio"
              aria-checked={scheme === one}
              tabIndex={-1}
              onClick={choose(() => schemePreference.set(one))}
            >
              <Icon name={one === "dark" ? "moon" : one} /> <span>{t(`scheme.${one}`)}</span>
              {scheme === one && <Icon name="check" />}
            </button>
          ))}
          <hr />
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={choose(() => void navigate({ to: "/settings" }))}
          >
            <Icon name="settings" /> <span>{t("nav.settings")}</span>
          </button>
          <button type="button" role="menuitem" tabIndex={-1} onClick={choose(() => void leave())}>
            <Icon name="sign_out" /> <span>{t("frame.signOut")}</span>
          </button>
        </div>
      )}
    </div>
  );
}

function items(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[role^='menuitem']") ?? [])];
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");
}
