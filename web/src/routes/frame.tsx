import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { whenSignedOut } from "~/api/client";
import { Banner } from "~/components/frame/banner";
import css from "~/components/frame/frame.module.css";
import { Rail } from "~/components/frame/rail";
import { Toasts } from "~/components/frame/toasts";
import { TopBar } from "~/components/frame/top-bar";
import { offers } from "~/lib/offered";
import { queryClient } from "~/query-client";
import { judgementMenu } from "~/state/judgement-menu";
import { startLive } from "~/state/live";
import { followEvents } from "~/state/live-cache";
import { railPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { undoLast } from "~/state/toasts";
import { useShortcuts } from "~/state/use-shortcuts";

// Dialogs come when they are first asked for: they and what they stand on are a tenth of the app.
const Palette = lazy(() => import("~/components/frame/palette").then((found) => ({ default: found.Palette })));
const ShortcutSheet = lazy(() =>
  import("~/components/frame/shortcut-sheet").then((found) => ({ default: found.ShortcutSheet })),
);
const JudgementMenu = lazy(() =>
  import("~/components/judgement/menu").then((found) => ({ default: found.JudgementMenu })),
);

/** What stands around every page: the rail, the top bar, the live connection, the shortcuts that work everywhere. */
export function Frame() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const rail = useStore(railPreference);
  // `null` until first opened; kept afterwards, so that closing gives the focus back.
  const [sheet, setSheet] = useState<boolean | null>(null);
  const [palette, setPalette] = useState<boolean | null>(null);
  const judging = useStore(judgementMenu) !== null;
  const [judged, setJudged] = useState(false);
  if (judging && !judged) setJudged(true);

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
    goSearch: () => void navigate({ to: "/search" }),
    goQuestions: () => void navigate({ to: "/questions" }),
    ...(offers("listStories") && { goStories: () => void navigate({ to: "/stories" }) }),
    ...(offers("getLabelling") && { goLabelling: () => void navigate({ to: "/labelling" }) }),
    ...(offers("listReplies") && { goOutbox: () => void navigate({ to: "/outbox" }) }),
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
      <Suspense>
        {palette !== null && (
          <Palette opened={palette} onClose={() => setPalette(false)} onSheet={() => setSheet(true)} />
        )}
        {judged && <JudgementMenu />}
        {sheet !== null && <ShortcutSheet opened={sheet} onClose={() => setSheet(false)} />}
      </Suspense>
    </div>
  );
}
