import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { newPage } from '../../../infra/browser/browser.mjs';
import { SCREENS, settle, show } from '../../../infra/browser/screens.mjs';
import { seed } from '../../../infra/browser/seed.mjs';
import { Api, claim, open } from '../harness.mjs';

const require = createRequire(new URL('../../../frontend/package.json', import.meta.url));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const ALL = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
/** The other colours change nothing but the contrast, and are the same at any width. */
const CONTRAST = { type: 'rule', values: ['color-contrast'] };
const MODES = [
  { width: 1280, colorScheme: 'light', rules: ALL },
  { width: 1280, colorScheme: 'dark', rules: CONTRAST },
  { width: 390, colorScheme: 'light', rules: ALL },
];

/** What is wrong at two looks, a moment apart: axe measures one element after the other, while live rows move. */
async function inspect(page, where, rules) {
  const found = await look(page, where, rules);
  if (found.length === 0) return found;
  await page.waitForTimeout(500);
  const again = new Set(await look(page, where, rules));
  return found.filter((violation) => again.has(violation));
}

async function look(page, where, rules) {
  return page.evaluate(
    async ({ where, rules }) => {
      const { violations } = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id} at ${node.target}`));
      const { scrollHeight } = document.documentElement;
      if (document.querySelector('#main') && scrollHeight > window.innerHeight)
        found.push(`${where}: the page is ${scrollHeight} px high and scrolls its shell away`);
      const over = document.documentElement.scrollWidth - window.innerWidth;
      return over > 0 ? [...found, `${where}: ${over} px wider than the window`] : found;
    },
    { where, rules },
  );
}

/**
 * The controls that look the same with the focus as without it. What counts is what is drawn: an outline or another
 * border or shadow of the control, or of what stands for it (the thumb of a slider, the box of a hidden input).
 */
async function unseen(page, where) {
  await page.keyboard.press('Tab'); // from here on the focus comes from the keyboard
  return page.evaluate(async (where) => {
    const appearance = (element) => {
      const style = getComputedStyle(element);
      const outline = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2 && style.outlineColor;
      return { outline, rest: [style.boxShadow, style.borderColor, style.stroke, style.strokeWidth].join() };
    };
    const above = (element) => [element.parentElement, element.parentElement?.parentElement];
    const stands = (element) => [element, ...above(element), ...element.children].filter(Boolean);
    /** Whether the focus is to be seen; a control that does not take it, or not from the keyboard, has nothing to show. */
    const changes = async (control) => {
      control.blur();
      const before = stands(control).map(appearance);
      control.focus();
      if (document.activeElement !== control || !control.matches(':focus-visible')) return true;
      const changed = (each, i) => {
        const after = appearance(each);
        return (after.outline && after.outline !== before[i]?.outline) || after.rest !== before[i]?.rest;
      };
      // An editor says it in a turn of its own, which comes late on a busy machine.
      for (let turn = 0; turn < 20; turn += 1) {
        if (stands(control).some(changed)) return true;
        await moment();
      }
      control.blur();
      await moment(300); // before the next look, which must not see this one's focus still
      return false;
    };
    const moment = (ms = 30) => new Promise((go) => setTimeout(go, ms));
    const selector = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"]), [contenteditable]';
    const dialogs = document.querySelectorAll('[role=dialog]');
    const area = [...dialogs].at(-1) ?? document;
    const had = document.activeElement;
    const found = [];
    for (const control of area.querySelectorAll(selector)) {
      if (control.disabled || control.closest('[aria-hidden=true], [inert]') || !control.getClientRects().length) continue;
      let seen = false;
      // Three looks: a live update may draw the control anew between what it was and what it is with the focus.
      for (let look = 0; look < 3 && !seen && control.isConnected; look += 1) seen = await changes(control);
      if (!control.isConnected) continue;
      const name = control.getAttribute('aria-label') ?? control.textContent.trim().slice(0, 30);
      if (!seen) found.push(`${where}: no focus to be seen on ${control.tagName.toLowerCase()} “${name}”`);
    }
    had?.focus();
    return found;
  }, where);
}

/** One that does not come is told with the others: it is not the end of the sweep. */
await claim(async ({ browser, stack, options }) => {
  const screens = SCREENS.filter(({ name }) => options.screens?.includes(name) ?? true);
  const api = await Api.as(stack, 'admin');
  await api.raiseAlert(`accessible-${Date.now()}`);
  const planted = await seed(api);
  const violations = [];
  let looks = 0;
  for (const role of new Set(screens.flatMap(({ roles }) => roles))) {
    const page = await newPage(browser);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    if (role) await open(page, stack, role);
    for (const screen of screens.filter(({ roles }) => roles.includes(role))) {
      await page.setViewportSize({ width: 1280, height: 844 });
      await page.emulateMedia({ colorScheme: 'light' });
      try {
        await show(page, stack, screen, planted);
      } catch (error) {
        violations.push(`${screen.name} (${role ?? 'nobody'}): ${error.message.split('\n')[0]}`);
        continue;
      }
      await page.evaluate(axe);
      violations.push(...(await unseen(page, `${screen.name} (${role ?? 'nobody'})`)));
      for (const { width, colorScheme, rules } of MODES) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme });
        await settle(page);
        const where = `${screen.name} (${role ?? 'nobody'}, ${width}, ${colorScheme})`;
        violations.push(...(await inspect(page, where, rules)));
        looks += 1;
      }
    }
    await page.close();
  }
  return { violations, looks };
});
