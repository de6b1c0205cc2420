import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

const chromium = process.env['STRATALAB_CHROMIUM'] ?? execFileSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], { encoding: 'utf8' }).trim();
const report = process.env['STRATALAB_TEST_REPORT'];

/** Stories in a real browser against the whole product, started once by `product.setup.ts`. */
export default defineConfig({
  reportSlowTests: null,
  testDir: './tests',
  timeout: 240_000,
  // A machine that does other things too is slow, not wrong.
  expect: { timeout: 40_000 },
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  globalSetup: './product.setup.ts',
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  outputDir: './test-results',
  use: {
    baseURL: process.env['STRATALAB_TEST_URL'] ?? 'http://127.0.0.1:18500',
    viewport: { width: 1280, height: 800 },
    video: 'off',
    trace: 'off',
    headless: true,
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text', '--disable-background-networking', '--force-color-profile=srgb']
    }
  }
});
