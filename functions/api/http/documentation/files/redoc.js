// Search runs in a worker made from a string, which the content security policy refuses: the browser's own does it.
globalThis.Redoc.init(
  'openapi.json',
  { disableSearch: true, nativeScrollbars: true, scrollYOffset: 'header', theme: { typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } } } },
  document.getElementById('page'),
);
