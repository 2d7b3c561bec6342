import { check, claim, open, signOut } from '../harness.mjs';

await claim(
  async ({ page, stack, options }) => {
    await open(page, stack, 'admin', '/settings/import');
    await page.locator('input[type="file"]').setInputFiles(options.file);

    // Recognized by its header, with the first rows as events.
    await page.getByText(/PaySim/).first().waitFor();
    const rows = page.getByRole('region', { name: 'First rows' });
    await rows.getByRole('row').nth(10).waitFor();
    check((await page.getByLabel(/^Account/).inputValue()) === 'nameOrig', 'the account is another column');

    // A column that is no account: the preview is made again by it.
    await page.getByLabel(/^Account/).selectOption('nameDest');
    await page.getByRole('button', { name: 'Preview again' }).click();
    await rows.getByRole('row', { name: options.second }).first().waitFor();
    await page.getByLabel(/^Account/).selectOption('nameOrig');
    await page.getByRole('button', { name: 'Preview again' }).click();
    await rows.getByRole('row', { name: options.first }).first().waitFor();

    const began = Date.now();
    await page.getByRole('button', { name: 'Start the import' }).click();
    await page
      .getByText(new RegExp(`^${options.rows.toLocaleString('en')} rows: ${options.rows.toLocaleString('en')} events`))
      .waitFor({ timeout: options.patience });
    const seconds = (Date.now() - began) / 1_000;

    await page.getByRole('button', { name: 'Take it back…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back', { exact: true }).first().waitFor({ timeout: options.patience });

    await signOut(page);
    await open(page, stack, 'analyst', '/settings/import');
    await page.getByText('Your role does not allow this').waitFor();
    return { seconds };
  },
);
