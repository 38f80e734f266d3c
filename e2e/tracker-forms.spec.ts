/** Forms, case by case, in a real browser. */
import { expect, test } from './recording-collector.ts';
import { form, signup, stay } from './signup-form.ts';

test('a form counts once by button, by Enter and by requestSubmit', async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [form] });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
  await page.press('input', 'Enter');
  await collector.expectConversions(page, 'goal_form', 2);
  await page.mouse.click(5, 500);
  await page.evaluate(() => document.querySelector('form')!.requestSubmit());
  await collector.expectConversions(page, 'goal_form', 3);
});

test('a form added later counts', async ({ page, collector }) => {
  await collector.open(page, '<main></main>', { goals: [form] });
  await page.evaluate((html) => {
    document.querySelector('main')!.innerHTML = html;
  }, signup());
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
});

test('a form inside open shadow roots counts once by button and by Enter', async ({ page, collector }) => {
  await collector.open(page, '<div id="host"></div>', { goals: [form] });
  await page.evaluate((html) => {
    const outer = document.querySelector('#host')!.attachShadow({ mode: 'open' });
    outer.innerHTML = '<section></section>';
    outer.querySelector('section')!.attachShadow({ mode: 'open' }).innerHTML = html;
  }, signup());
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
  await page.click('input');
  await page.press('input', 'Enter');
  await collector.expectConversions(page, 'goal_form', 2);
});

test('a button elsewhere with form="id" submits its form', async ({ page, collector }) => {
  await collector.open(page, `${signup(stay, '<input name="city">')}<button form="signup">Send</button>`, {
    goals: [form],
  });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
});

test('POST into an iframe and a dialog count', async ({ page, collector }) => {
  const dialog = '<dialog open><form id="close" method="dialog"><button id="ok">OK</button></form></dialog>';
  await collector.open(page, signup(`method="post" ${stay}`, '<button id="send">Send</button>') + dialog, {
    goals: [form, { ...form, i: 'goal_dialog', s: '#close' }],
  });
  await page.click('#ok');
  await page.click('#send');
  await collector.expectConversions(page, 'goal_dialog', 1);
  await collector.expectConversions(page, 'goal_form', 1);
});

test('a natively invalid form does not count, unless it says novalidate', async ({ page, collector }) => {
  await collector.open(page, signup(stay, '<input name="city" required><button>Send</button>'), { goals: [form] });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 0);
  await page.evaluate(() => {
    document.querySelector('form')!.noValidate = true;
  });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
});

test('a form that is prevented and sent by script counts once', { tag: '@playwright' }, async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [form, { i: 'goal_click', t: 2, s: '#signup button' }] });
  await page.evaluate(() => {
    const target = document.querySelector('form')!;
    let isChecked = false;
    target.addEventListener('submit', (event) => {
      if (isChecked) return;
      event.preventDefault();
      isChecked = true;
      queueMicrotask(() => setTimeout(() => target.requestSubmit(), 20));
    });
  });
  const sent = page.waitForRequest(/\/sent/);
  await page.click('button');
  await sent;
  await collector.expectConversions(page, 'goal_form', 1);
  await collector.expectConversions(page, 'goal_click', 1);
});

test('a form that is prevented, checked for seconds and then sent counts once', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await page.clock.install();
  await collector.open(page, signup(), { goals: [form] });
  await collector.expectConversions(page, 'goal_form', 0);
  await page.evaluate(() => {
    const target = document.querySelector('form')!;
    const check = (event: Event): void => {
      event.preventDefault();
      target.removeEventListener('submit', check);
      setTimeout(() => target.requestSubmit(), 5_000);
    };
    target.addEventListener('submit', check);
  });
  const sent = page.waitForRequest(/\/sent/);
  await page.click('button');
  await page.clock.runFor(5_000);
  await sent;
  await collector.expectConversions(page, 'goal_form', 1);
});

test('a click and the submit it causes share one action', async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [form, { i: 'goal_click', t: 2, s: '#signup button' }] });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 1);
  const [click, submit] = [collector.conversions('goal_click')[0]!, collector.conversions('goal_form')[0]!];
  expect(click.ac).toBeTruthy();
  expect(submit).toMatchObject({ n: '$submit', ac: click.ac });
  await page.click('button');
  await collector.expectConversions(page, 'goal_click', 2);
  expect(collector.conversions('goal_click')[1]!.ac).not.toBe(click.ac);
});

test('fields named like members of a form break nothing', async ({ page, collector }) => {
  const names = [
    'id',
    'action',
    'submit',
    'checkValidity',
    'matches',
    'getAttribute',
    'attributes',
    'elements',
    'method',
  ];
  const inside = `${names.map((name) => `<input name="${name}">`).join('')}<button>Send</button>`;
  await collector.open(page, signup(`data-prop-plan="pro" ${stay}`, inside), {
    goals: [{ ...form, p: { plan: 'pro' } }],
  });
  await page.locator('input').first().press('Enter');
  await collector.expectConversions(page, 'goal_form', 1);
  expect(collector.conversions('goal_form')[0]!.p).toEqual({ plan: 'pro' });
});

test('a submit that leaves the page arrives', async ({ page, collector }) => {
  await collector.open(page, signup(''), { goals: [form] });
  await collector.expectPlan(page);
  await page.click('button');
  await page.waitForURL(/sent/);
  await expect.poll(() => collector.conversions('goal_form').length).toBe(1);
});

test('form.submit() fires no event and is not seen', async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [form] });
  await page.evaluate(() => document.querySelector('form')!.submit());
  await collector.expectConversions(page, 'goal_form', 0);
});

test('a submit is engagement', async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [{ i: 'goal_engaged', t: 8 }] });
  await page.evaluate(() => document.querySelector('form')!.requestSubmit());
  await collector.expectConversions(page, 'goal_engaged', 1);
  expect(collector.conversions('goal_engaged')[0]!.n).toBe('$submit');
});
