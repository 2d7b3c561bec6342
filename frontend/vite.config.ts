import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { scriptBudget } from './build/budget.ts';
import { developmentProxy } from './build/proxy.ts';

const proxy = developmentProxy(process.env.VITE_DEV_API_TARGET, process.env.VITE_DEV_WS_TARGET);

export default defineConfig({
  plugins: [react(), tailwindcss(), scriptBudget({ maxKilobytes: 190, screens: /Screen/ })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  // All of them at the start: one found later, in a part that is loaded lazily, would reload the page.
  optimizeDeps: { entries: ['index.html', 'src/**/*.tsx', '!src/**/*.test.tsx'] },
  build: { target: 'es2023', assetsInlineLimit: 0 },
  test: {
    environment: 'node',
    include: ['{src,build}/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    // Of what hangs, not of a machine that does much else.
    testTimeout: 20_000,
  },
});
