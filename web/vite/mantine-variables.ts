import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme, themeVariables } from "../src/theme.ts";

const NAME = "virtual:mantine-variables.css";

/**
 * Writes the theme's CSS variables into a style sheet at build time. Mantine would otherwise put them into a `<style>`
 * element on start, which the content security policy of the page (`style-src 'self'`) forbids.
 */
export function mantineVariables(): Plugin {
  return {
    name: "mantine-variables",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const base = defaultCssVariablesResolver(merged);
      const own = themeVariables(merged);
      return convertCssVariables(
        {
          variables: { ...base.variables, ...own.variables },
          light: { ...base.light, ...own.light },
          dark: { ...base.dark, ...own.dark },
        },
        ":root",
      );
    },
  };
}
