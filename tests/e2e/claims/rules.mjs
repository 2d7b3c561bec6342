import { Api, check, claim, open, signOut, until } from '../harness.mjs';

/** What the API says, however many parts its time makes of it. */
async function hitsOfThePast(api, id) {
  let hits = 0;
  for (let before = null; ; ) {
    const part = await api.send('POST', `rules/${id}/backtest`, { before });
    hits += part.hits;
    before = part.oldest_sequence;
    if (part.complete || before === null) return hits;
  }
}

await claim(
  async ({ page, stack }) => {
    const analyst = await Api.as(stack, 'analyst');
    const admin = await Api.as(stack, 'admin');
    const name = `large_${Date.now()}`;
    const account = `rules-${Date.now()}`;
    const event = await analyst.pay(account, '840.00').catch(() => admin.pay(account, '840.00'));
    await until(() => analyst.send('GET', `risk/${event}`).catch(() => null), 'the event was never scored');

    // An analyst writes a rule, and is told where it is wrong.
    await open(page, stack, 'analyst', '/rules');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByRole('heading', { name: 'New rule' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill(name);
    const editor = page.getByRole('textbox', { name: 'Condition' });
    await editor.click();
    await page.keyboard.type('event.amount > 500.0 && event.contry == "DE"');
    await page.keyboard.press('Escape');
    await page
      .getByText('Line 1, column 30: there is no event.contry here; did you mean event.country?')
      .waitFor();
    await page.locator('.cm-lintRange-error', { hasText: '.contry' }).waitFor();
    await editor.fill('event.amo');
    await editor.press('End');
    await editor.press('Control+Space');
    await page.getByRole('option', { name: /^event\.amount(?!_)/ }).waitFor();
    await page.waitForTimeout(150); // an option is taken only once it has been in sight for a moment
    await editor.press('Enter');
    await page.keyboard.type(' > 500.0');
    await page.getByText('The engine can run it').waitFor();
    await page.getByLabel('Reason that analysts read').fill('{amount} {currency} at once');
    await page.getByLabel('Owner').fill('payments team');

    // It is tried on a stored event before it is kept.
    await page.getByLabel('Of the account, exactly').fill(account);
    await page.getByLabel('A recent event').selectOption(event);
    await page.getByRole('button', { name: 'Try it on this event' }).click();
    const verdict = page.getByRole('status').filter({ hasText: 'It hits' });
    await verdict.getByText('“840.00 EUR at once”').waitFor();
    check((await verdict.getByRole('row').count()) === 1, 'other values were shown than the one it read');
    await page.getByRole('button', { name: 'Save as draft' }).click();
    await page.waitForURL(/\/rules\/[0-9a-f-]{36}/);
    const id = page.url().split('/').at(-1);

    // Tried on the past: what it says is what the API says.
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    const atLeast = await hitsOfThePast(analyst, id);
    await page.getByRole('button', { name: 'Run the backtest' }).click();
    await page.getByText(/^Tried on .+ events/).waitFor();
    // In money as well: the payment of 840 is among what it hits.
    const hit = await page.getByText('Money hit', { exact: true }).locator('..').innerText();
    const money = Number(hit.match(/([\d,]+) EUR/)?.[1].replaceAll(',', ''));
    check(money >= 840, `in money it hits ${hit}`);
    const atMost = await hitsOfThePast(analyst, id);
    const result = page.getByRole('region', { name: 'Backtest of version 1' });
    const hits = await result
      .locator('dt', { hasText: 'Hits' })
      .locator('xpath=following-sibling::dd/span')
      .first()
      .innerText();
    const told = Number(hits.replaceAll(',', ''));
    check(
      atLeast >= 1 && atLeast <= told && told <= atMost,
      `the page says ${hits} hits, the API ${atLeast} to ${atMost}`,
    );
    await result.getByRole('list').getByRole('link').first().waitFor();

    // Somebody else saves a version meanwhile: nothing typed is lost.
    await editor.fill('event.amount > 700.0');
    const theirs = {
      owner: 'fraud team',
      expression: 'event.amount > 600.0',
      points: 1,
      reason_text: '{amount} {currency} at once',
      base_version: 1,
    };
    await admin.send('PUT', `rules/${id}`, theirs);
    await page.getByText('The engine can run it').waitFor();
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByText(/saved version 2/).waitFor();
    check((await editor.innerText()).includes('700.0'), 'what was typed is gone');
    await page.getByRole('button', { name: 'Go on from version 2' }).click();
    await page.getByText('Version 2', { exact: true }).first().waitFor();
    await page.getByText('Administrators move it').waitFor();

    // An administrator takes it to shadow and live; who moves what has moved since is told.
    await signOut(page);
    await open(page, stack, 'admin', `/rules/${id}`);
    const step = async (button, confirm = button) => {
      await page.getByRole('button', { name: `${button}…`, exact: true }).click();
      await page.getByRole('dialog').getByLabel('Why?').fill('a browser test');
      await page.getByRole('dialog').getByRole('button', { name: confirm }).click();
    };
    const stage = (text) => page.getByRole('list', { name: 'Life of the rule' }).getByText(text).waitFor();
    await step('Put in shadow');
    await page.getByRole('button', { name: 'Put live…' }).waitFor();
    await page.getByRole('button', { name: 'Put live…' }).click();
    await page.getByRole('button', { name: '25 %' }).click();
    await page.getByRole('dialog').getByLabel('Why?').fill('a browser test');
    await page.getByRole('dialog').getByRole('button', { name: 'Put live' }).click();
    await stage('at 25 %');
    await admin.send('POST', `rules/${id}/transition`, { to: 'live', percent: 50, reason: 'meanwhile' });
    await step('Back to shadow');
    await page.getByText('Someone was faster').waitFor();
    await stage('at 50 %');
    await step('Undo last change', 'Undo it');
    await stage('at 25 %');
    const now = await admin.send('GET', `rules/${id}`);
    check(now.status === 'live' && now.stage.percent === 25, `the rule is ${JSON.stringify(now.stage)}`);

    // A viewer reads, and is offered nothing that would be refused.
    await signOut(page);
    await open(page, stack, 'viewer', '/rules');
    await page.getByRole('row', { name: new RegExp(name) }).click();
    await page.getByRole('heading', { name: 'Hits', exact: true }).first().waitFor();
    for (const button of [/^Save/, /^Put/, /^Undo/, 'Backtest', 'Try'])
      check(
        (await page.getByRole('button', { name: button }).count()) === 0,
        `a viewer is offered ${button}`,
      );
    await page.getByRole('button', { name: 'Versions' }).click();
    await page.getByText('meanwhile').waitFor();
    await page.goto(`${stack.url}/rules/new`);
    await page.getByText('Your role does not allow this').waitFor();
    await admin.send('POST', `rules/${id}/transition`, { to: 'archived', reason: 'the test is over' });
  },
  { expectErrors: true }, // the browser writes refused requests to its console
);
