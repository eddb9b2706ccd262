import { type MantineColorScheme, type MantineColorSchemeManager, MantineProvider } from "@mantine/core";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { densityPreference, schemePreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { theme } from "~/theme";

const system = matchMedia("(prefers-color-scheme: dark)");

function followSystem(listener: () => void): () => void {
  system.addEventListener("change", listener);
  return () => system.removeEventListener("change", listener);
}

/**
 * What Mantine takes the scheme from when it begins. It writes that on the page before it looks at the scheme it is told to hold:
 * by its own manager a dark page would turn light for a moment. `scheme.js` has set the right one long before.
 */
const asItStands: MantineColorSchemeManager = {
  get: (fallback) =>
    (document.documentElement.dataset.mantineColorScheme as MantineColorScheme | undefined) ?? fallback,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

/**
 * Holds the theme. The scheme is ours, not Mantine's, and its variables come from a style sheet made at build time,
 * because Mantine would write `<style>` elements, which the content security policy forbids.
 */
export function SchemeProvider({ children }: { children: ReactNode }) {
  const chosen = useStore(schemePreference);
  const density = useStore(densityPreference);
  const systemDark = useSyncExternalStore(followSystem, () => system.matches);
  const scheme = chosen === "auto" ? (systemDark ? "dark" : "light") : chosen;

  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);

  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={asItStands}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
