// Pictures of every screen, in both schemes and at both widths, into a folder.
import { writeFile } from 'node:fs/promises';
import { Api, given, launch, newPage, open, PATIENCE } from './browser.mjs';
import { SCREENS, settle, show } from './screens.mjs';
import { seed } from './seed.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const QUALITY = 72;

const { stack, folder, only } = await given();
const wanted = SCREENS.filter(({ name }) => !only.length || only.includes(name));
const browser = await launch();
const written = [];
const failed = [];
try {
  const planted = await seed(await Api.as(stack, 'admin'));
  for (const role of new Set(wanted.map(({ roles }) => roles[0]))) {
    const page = await newPage(browser, { viewport: SIZES[0] });
    page.setDefaultTimeout(2 * PATIENCE);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const session = await page.context().newCDPSession(page);
    if (role) await open(page, stack, role);
    for (const screen of wanted.filter(({ roles }) => roles[0] === role)) {
      try {
        await take(page, session, screen, planted);
      } catch (error) {
        failed.push(screen.name);
        console.error(`${screen.name}: ${error.message.split('\n')[0]}`);
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ written, failed }));

async function take(page, session, screen, planted) {
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: 'light' });
  await show(page, stack, screen, planted);
  await page.waitForTimeout(1_500);
  for (const size of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await page.mouse.move(0, 0);
      await settle(page);
      await page.waitForTimeout(400);
      const name = `${screen.name}-${size.width}-${colorScheme}.webp`;
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
      await writeFile(`${folder}/${name}`, Buffer.from(data, 'base64'));
      written.push(name);
    }
  }
}
