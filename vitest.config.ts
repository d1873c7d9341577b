// Unit tests stand beside what they test; those of the page in a browser are Playwright's (playwright.config.ts).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    environment: 'node',
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '.next/**', 'dist/**'],
    setupFiles: ['lib/testing/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
