import { type ComponentProps, lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../empty";
import { Loading } from "../loading";

/** The first look at a list needs nothing of this. */
export const loadDetail = () => import("./mention-detail");
const MentionDetail = lazy(async () => ({ default: (await loadDetail()).MentionDetail }));

interface DetailPaneProps extends Omit<ComponentProps<typeof MentionDetail>, "id"> {
  id: string | undefined;
}

/** The open mention beside a list, or what to do to open one. */
export function DetailPane({ id, ...rest }: DetailPaneProps) {
  const { t } = useTranslation();
  useEffect(() => whenIdle(() => void loadDetail()), []);
  if (!id) return <Empty icon="inbox" title={t("detail.none")} text={t("detail.noneHint")} />;
  return (
    <Suspense fallback={<Loading />}>
      <MentionDetail id={id} {...rest} />
    </Suspense>
  );
}

/** Before anybody can have chosen a row, and after what is on the screen. Answers what calls it off. */
function whenIdle(act: () => void): () => void {
  // Not every browser has it.
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(act, 500);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(act, { timeout: 2_000 });
  return () => cancelIdleCallback(asked);
}
