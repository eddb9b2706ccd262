import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { getSetup, signIn } from "~/api/operations";
import { Problem } from "~/api/problem";
import { sessionQuery } from "~/api/queries";
import { Door } from "~/components/door/door";
import { Notice } from "~/components/notice";
import { useProblemText } from "~/components/use-problem-text";
import { followAccount } from "~/state/locale";

/** Only addresses of our own are followed after signing in. */
function safeNext(next: string | undefined): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/sign-in") ? next : "/stream";
}

export function SignIn() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/sign-in" });
  const cache = useQueryClient();
  const router = useRouter();
  const problemText = useProblemText();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [needed, setNeeded] = useState(false);

  useEffect(() => {
    getSetup().then(
      (setup) => setNeeded(setup.needed),
      () => {},
    );
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const me = await signIn({ login: login.trim(), password });
      cache.setQueryData(sessionQuery.queryKey, me);
      await followAccount(me);
      router.history.push(safeNext(next));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  if (needed) return <Navigate to="/setup" replace />;
  const wait = error instanceof Problem && error.status === 429 ? error.retryAfterSeconds : null;
  return (
    <Door title={t("signIn.title")}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t("signIn.login")}
          name="login"
          autoComplete="username"
          autoFocus
          required
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("signIn.password")}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {error !== null && (
          <Notice kind="error">
            {problemText(error)}
            {wait !== null && ` ${t("signIn.wait", { count: Math.ceil(wait / 60) })}`}
          </Notice>
        )}
        <Button type="submit" fullWidth loading={busy} disabled={!login.trim() || !password}>
          {t("signIn.submit")}
        </Button>
      </form>
    </Door>
  );
}
