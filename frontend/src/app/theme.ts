import { createTheme } from '@mui/material/styles';

/**
 * The only place where colours, type and radii are written down. MUI turns the palette into CSS variables
 * (`--risk-palette-…`), and `styles.css` hands those to Tailwind. Every text colour has at least 4.5:1 on
 * every surface it is used on, every mark at least 3:1, in both schemes.
 */
interface Level {
  /** The shape beside a word, and the bars of a chart. */
  mark: string;
  /** Text. */
  ink: string;
  /** Behind text. */
  wash: string;
}

interface Tokens {
  surface: { canvas: string; panel: string; sunken: string; hover: string; selected: string };
  ink: { strong: string; muted: string; faint: string };
  line: { soft: string; control: string };
  accent: { main: string; wash: string; on: string };
  level: { low: Level; medium: Level; high: Level; critical: Level };
  /** Marks of a chart whose series are no levels; like enough in weight that none shouts. */
  series: { first: string; second: string; third: string; fourth: string };
}

declare module '@mui/material/styles' {
  interface Palette extends Tokens {}
  interface PaletteOptions extends Tokens {}
}

const light: Tokens = {
  surface: { canvas: '#f3f5f6', panel: '#ffffff', sunken: '#e9edef', hover: '#f1f5f6', selected: '#e3f0f1' },
  ink: { strong: '#14212b', muted: '#44555f', faint: '#5d6c75' },
  line: { soft: '#dce2e5', control: '#7d8b93' },
  accent: { main: '#0a6670', wash: '#e3f0f1', on: '#ffffff' },
  level: {
    low: { mark: '#78909b', ink: '#4d6875', wash: '#eaeff1' },
    medium: { mark: '#b07f00', ink: '#7a5700', wash: '#fbf2d9' },
    high: { mark: '#d9611f', ink: '#a8430b', wash: '#fdebdf' },
    critical: { mark: '#b3123f', ink: '#a50f39', wash: '#fce4ea' },
  },
  series: { first: '#0a6670', second: '#5d5fc4', third: '#a0508f', fourth: '#6b7a83' },
};

const dark: Tokens = {
  surface: { canvas: '#0e1519', panel: '#151e23', sunken: '#1d292f', hover: '#1a252a', selected: '#173238' },
  ink: { strong: '#e6edf0', muted: '#a9b8bf', faint: '#8a9ba4' },
  line: { soft: '#26333a', control: '#647680' },
  accent: { main: '#5cc1c6', wash: '#173238', on: '#06262a' },
  level: {
    low: { mark: '#6f8894', ink: '#93abb6', wash: '#1d292f' },
    medium: { mark: '#d2a437', ink: '#e0b341', wash: '#2d2817' },
    high: { mark: '#ef7f3d', ink: '#f58a4b', wash: '#33231a' },
    critical: { mark: '#f2587a', ink: '#ff7590', wash: '#381b24' },
  },
  series: { first: '#5cc1c6', second: '#9a9df0', third: '#d48ec6', fourth: '#93a4ad' },
};

function palette(tokens: Tokens) {
  return {
    ...tokens,
    primary: { main: tokens.accent.main, contrastText: tokens.accent.on },
    error: { main: tokens.level.critical.ink },
    warning: { main: tokens.level.medium.ink },
    text: { primary: tokens.ink.strong, secondary: tokens.ink.muted },
    background: { default: tokens.surface.canvas, paper: tokens.surface.panel },
    divider: tokens.line.soft,
  };
}

const sans = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-theme', cssVarPrefix: 'risk' },
  colorSchemes: { light: { palette: palette(light) }, dark: { palette: palette(dark) } },
  shape: { borderRadius: 6 },
  typography: {
    fontFamily: sans,
    fontSize: 13,
    button: { textTransform: 'none', fontWeight: 550, letterSpacing: 0 },
  },
  components: {
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiButton: {
      defaultProps: { disableElevation: true, size: 'small' },
      styleOverrides: {
        root: { minWidth: 0, padding: '4px 12px', lineHeight: 1.6 },
        outlined: ({ theme, ownerState }) =>
          ownerState.color === 'inherit' ? { borderColor: theme.vars?.palette.line.control } : {},
      },
    },
    MuiIconButton: { defaultProps: { size: 'small' }, styleOverrides: { root: { borderRadius: 6 } } },
    MuiDialog: { styleOverrides: { paper: { borderRadius: 10, backgroundImage: 'none' } } },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1rem', fontWeight: 620, paddingBottom: 4 } } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiMenuItem: { styleOverrides: { root: { fontSize: '0.8125rem', minHeight: 34 } } },
  },
});
