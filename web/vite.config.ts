import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { baseStylesFirst } from "./vite/base-styles-first.ts";
import { mantineVariables } from "./vite/mantine-variables.ts";
import { offered } from "./vite/offered.ts";

const target = process.env.MOLVA_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), mantineVariables(), baseStylesFirst()],
  define: { __OFFERED__: JSON.stringify(offered()) },
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": target, "/healthz": target } },
  build: {
    target: "es2022",
    // The page allows no inline script, and old engines without module preload are not supported anyway.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // One style sheet that `baseStylesFirst` can find.
        codeSplitting: {
          groups: [
            { name: "base", test: /styles[\\/](mantine\.ts|base\.css)|@mantine[\\/]core[\\/]styles[\\/]/, priority: 2 },
            // Else each part of it that a later page uses, too, is a file of its own: some seventy that all come at once.
            { name: "first", tags: ["$initial"], priority: 1 },
          ],
        },
      },
    },
  },
});
