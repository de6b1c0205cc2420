import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** Stories against a product whose workspaces and jobs are pods; whoever starts that product calls this with STRATALAB_TEST_URL. */
export default defineConfig({
  ...base,
  testDir: './cluster-tests',
  timeout: 240_000,
  expect: { timeout: 60_000 },
  outputDir: './test-results/cluster'
});
