import "./styles/mantine";
import "virtual:mantine-variables.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SchemeProvider } from "./components/scheme-provider";
import { startI18n } from "./i18n";
import { queryClient } from "./query-client";
import { router } from "./router";

await startI18n();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <SchemeProvider>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </SchemeProvider>
  </StrictMode>,
);
