import GlobalStyles from '@mui/material/GlobalStyles';
import { StyledEngineProvider, ThemeProvider } from '@mui/material/styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StreamProvider } from '@/shared/stream/StreamProvider';
import { Announcer } from '@/shared/ui/notices/Announcer';
import { cache } from './cache';
import { router } from './router';
import { theme } from './theme';

/** MUI puts its styles before all others: there, and only there, the order of the layers has to be said. */
const LAYERS = <GlobalStyles styles="@layer theme, base, mui, components, utilities;" />;

export function App() {
  return (
    <StyledEngineProvider enableCssLayer>
      {LAYERS}
      <ThemeProvider theme={theme} defaultMode="system" disableTransitionOnChange>
        <QueryClientProvider client={cache}>
          <StreamProvider>
            <RouterProvider router={router} />
            <Announcer />
          </StreamProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </StyledEngineProvider>
  );
}
