// Runs before the first paint, so that the page never flashes in the other colours or the other density.
// The keys are those of MUI's colour scheme and of src/shared/preferences/density.ts.
(() => {
  const root = document.documentElement;
  let mode = 'system';
  let density = 'compact';
  try {
    mode = localStorage.getItem('mui-mode') || mode;
    density = localStorage.getItem('density') || density;
  } catch {
    // Storage may be forbidden; the defaults do.
  }
  const dark = mode === 'dark' || (mode === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-theme', dark ? 'dark' : 'light');
  root.setAttribute('data-density', density);
})();
