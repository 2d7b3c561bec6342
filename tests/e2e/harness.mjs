// What every claim starts with: a browser, a signed-in page, and the API of the stack under test.
import { check, given, launch, newPage } from '../../infra/browser/browser.mjs';

export { Api, check, open, signIn, signOut, until } from '../../infra/browser/browser.mjs';

/**
 * Runs a claim: `body({ browser, page, stack, options })` in a new browser. What it returns is the report, printed as
 * one line of JSON; what it throws fails the test, with a screenshot. Errors in the page's console fail it as well.
 */
export async function claim(body, { viewport = { width: 1440, height: 900 }, expectErrors = false } = {}) {
  const { stack, options, screenshot } = await given();
  const browser = await launch();
  const page = await newPage(browser, {
    viewport: options.width ? { width: options.width, height: 844 } : viewport,
    scheme: options.scheme,
  });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  try {
    const report = (await body({ browser, page, stack, options })) ?? {};
    check(expectErrors || complaints.length === 0, `the page complained: ${complaints.join('\n')}`);
    console.log(JSON.stringify(report));
  } catch (error) {
    await page.screenshot({ path: screenshot }).catch(() => undefined);
    console.error(
      `${error.stack}\nscreenshot: ${screenshot}\npage: ${page.url()}\nconsole: ${complaints.join('\n')}`,
    );
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
