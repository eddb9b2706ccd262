import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { whenSignedOut } from "~/api/client";
import { Banner } from "~/components/frame/banner";
import css from "~/components/frame/frame.module.css";
import { Palette } from "~/components/frame/palette";
import { Rail } from "~/components/frame/rail";
import { ShortcutSheet } from "~/components/frame/shortcut-sheet";
import { Toasts } from "~/components/frame/toasts";
import { TopBar } from "~/components/frame/top-bar";
import { queryClient } from "~/query-client";
import { startLive } from "~/state/live";
import { followEvents } from "~/state/live-cache";
import { railPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { undoLast } from "~/state/toasts";
import { useShortcuts } from "~/state/use-shortcuts";

/** What stands around every page: the rail, the top bar, the live connection, the shortcuts that work everywhere. */
export function Frame() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const rail = useStore(railPreference);
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);

  useEffect(() => {
    const stopLive = startLive();
    const stopFollowing = followEvents();
    whenSignedOut(() => {
      queryClient.clear();
      void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
    });
    return () => {
      stopLive();
      stopFollowing();
      whenSignedOut(() => {});
    };
  }, [navigate]);

  useShortcuts({
    help: () => setSheet(true),
    palette: () => setPalette(true),
    undo: () => void undoLast(),
    goStream: () => void navigate({ to: "/stream" }),
    goTopics: () => void navigate({ to: "/topics" }),
    goSources: () => void navigate({ to: "/sources" }),
    goSettings: () => void navigate({ to: "/settings" }),
  });

  return (
    <div className={css.frame} data-rail={rail}>
      <a className="skip" href="#content">
        {t("frame.skip")}
      </a>
      <Rail />
      <div className={css.main}>
        <TopBar onPalette={() => setPalette(true)} onSheet={() => setSheet(true)} />
        <Banner />
        <main id="content" className={css.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Toasts />
      <Palette opened={palette} onClose={() => setPalette(false)} onSheet={() => setSheet(true)} />
      <ShortcutSheet opened={sheet} onClose={() => setSheet(false)} />
    </div>
  );
}
