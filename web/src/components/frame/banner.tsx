import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { connection, tryNow } from "~/state/connection";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import css from "./frame.module.css";

/** Says that the server does not answer and when it will be asked again. */
export function Banner() {
  const { t } = useTranslation();
  const state = useStore(connection);
  const seconds = useCountdown(state.up ? null : state.nextTryAt);
  if (state.up) return null;
  return (
    <div className={css.banner}>
      <Icon name="warning" />
      <span role="alert">{t("connection.down")}</span>
      <span aria-hidden>{t("connection.retryIn", { count: seconds })}</span>
      <Button size="compact-sm" color="red" variant="outline" onClick={() => void tryNow()}>
        {t("connection.retryNow")}
      </Button>
    </div>
  );
}

function useCountdown(until: number | null): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
