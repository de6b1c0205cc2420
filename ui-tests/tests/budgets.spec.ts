import { expect, test } from '@playwright/test';
import { collectComplaints, openEmptyLab, readStartUp, watchStartUp } from '../lab';

const isOurs = (url: string): boolean => url.includes('/extensions/@stratalab/');
const isService = (url: string): boolean => url.includes('/services/stratalab/');

test.describe('budgets of a start', () => {
  test('before Lab has its layout the suite costs at most 150 KB in 6 files and asks the services nothing; the console stays quiet', async ({ page }) => {
    const complaints = collectComplaints(page);
    await watchStartUp(page);
    // Pages that Lab restores are the visitor's own choice; a start without them is what everybody pays.
    await openEmptyLab(page);
    const { restoredMs, fetched } = await readStartUp(page);
    const early = fetched.filter(({ startMs }) => startMs < restoredMs);
    const files = early.filter(({ url }) => isOurs(url));
    test.info().annotations.push({
      type: 'cost',
      description: `${files.length} files, ${files.reduce((sum, { bytes }) => sum + bytes, 0)} bytes, restored after ${Math.round(restoredMs)} ms`
    });
    expect(files.length).toBeGreaterThan(0);
    expect(files.map(({ url }) => url).length).toBeLessThanOrEqual(6);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(150_000);
    expect(early.filter(({ url }) => isService(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
