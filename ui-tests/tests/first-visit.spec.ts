import { expect, test } from '@playwright/test';
import { openSidebar, product, signIn } from '../product';

test.describe('first visit', () => {
  test('an administrator signs in with a password and sees the sample tenant with its quotas', async ({ page }) => {
    await signIn(page);
    await openSidebar(page, 'Stratalab');
    await expect(page.getByTestId('stratalab-identity')).toContainText(`Signed in as ${product.admin}, admin of this tenant`);
    await expect(page.getByTestId('stratalab-quotas').getByRole('meter', { name: 'CPU' })).toBeVisible();
    await page.screenshot({ path: 'test-results/first-visit.png' });
  });

  test('a wrong password is refused and says so', async ({ page }) => {
    await page.goto('/hub/login');
    await page.locator('#username_input').fill(product.admin);
    await page.locator('input[name=password]').fill('not the password');
    await page.getByRole('button', { name: /sign in/i }).click();
    await expect(page.getByText(/invalid username or password/i)).toBeVisible();
  });
});
