import { Api, check, claim, open, signOut } from '../harness.mjs';

await claim(
  async ({ page, stack }) => {
    const admin = await Api.as(stack, 'admin');
    const name = `nets_${Date.now()}`;
    const reason = async (text, button) => {
      await page.getByRole('dialog').getByLabel('Why?').fill(text);
      await page.getByRole('dialog').getByRole('button', { name: button }).click();
    };
    const row = (text) => page.getByRole('row', { name: text });

    await open(page, stack, 'admin', '/lists');
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('radio', { name: /Watch/ }).check();
    await page.getByRole('radio', { name: /IP addresses/ }).check();
    await page.getByRole('button', { name: 'Make the list' }).click();
    await page.getByRole('heading', { name, level: 2 }).waitFor();

    // Many at once: what is wrong is told by line, before and after the server has seen it.
    await page.getByRole('button', { name: 'Add entries' }).click();
    const lines = page.getByLabel('IP addresses and ranges, one a line');
    await lines.fill('10.1.0.0/16, 2999-01-31\n10.9.9.9\n10.9.9.9');
    await page.getByText('Line 3: the same as line 2').waitFor();
    check(await page.getByRole('button', { name: /^Add \d/ }).isDisabled(), 'wrong lines could be sent');
    await lines.fill('10.1.0.0/16, 2999-01-31\n10.9.9.9\n\n10.9.9.999');
    await reason('seen in a case', 'Add 3 entries');
    await page.getByText(/^Line 4: .+ give an address or a range/).waitFor();
    check(
      (await admin.send('GET', `lists/${name}/entries`)).items.length === 0,
      'something was added all the same',
    );
    await lines.fill('10.1.0.0/16, 2999-01-31\n10.9.9.9');
    await page.getByRole('button', { name: 'Add 2 entries' }).click();
    await row(/10\.9\.9\.9\/32.+never.+seen in a case/).waitFor();
    await row(/10\.1\.0\.0\/16.+2999-02-01 00:00/).waitFor();

    // An address is found by the range that holds it.
    await page.getByLabel('Find an entry').fill('10.1.2.3');
    await row(/10\.9\.9\.9/).waitFor({ state: 'hidden' });
    await row(/10\.1\.0\.0/).waitFor();
    await page.getByLabel('Find an entry').fill('172.16.');
    await page.getByText('No entry fits').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();

    await page.getByRole('button', { name: 'Take off 10.9.9.9/32' }).click();
    await reason('cleared', 'Take it off');
    await page.getByRole('dialog').waitFor({ state: 'hidden' }); // what lies behind one has no roles
    await row(/10\.9\.9\.9/).waitFor({ state: 'hidden' });
    check((await admin.send('GET', `lists/${name}/entries`)).items.length === 1, 'it is on the list still');

    // An analyst keeps what is on a list, and is not offered the list itself.
    await signOut(page);
    await open(page, stack, 'analyst', `/lists?list=${name}`);
    await row(/10\.1\.0\.0/).waitFor();
    await page.getByRole('button', { name: 'Add entries' }).waitFor();
    check((await page.getByRole('button', { name: 'New list' }).count()) === 0, 'an analyst is offered New list');

    // Who may only look is offered nothing else.
    await signOut(page);
    await open(page, stack, 'viewer', `/lists?list=${name}`);
    await row(/10\.1\.0\.0/).waitFor();
    for (const button of ['New list', 'Add entries', /^Take off/, /^Remove/])
      check(
        (await page.getByRole('button', { name: button }).count()) === 0,
        `a viewer is offered ${button}`,
      );
  },
  { expectErrors: true }, // the browser writes refused requests to its console
);
