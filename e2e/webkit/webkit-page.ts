/** What the tracker's specs need of Playwright's page, by WebDriver, so that the same specs run in WebKitGTK. */
import { expect } from '@playwright/test';
import { asExpression, type Callback, FIND } from './page-script.ts';
import type { ActionSequence, ElementReference, WebDriver } from './web-driver.ts';

/** Keys that the protocol names by a private code point. */
const KEYS: Record<string, string> = {
  Enter: '\uE007',
  Space: ' ',
  Tab: '\uE004',
  Control: '\uE009',
  Shift: '\uE008',
  Meta: '\uE03D',
};
const BUTTONS = { left: 0, middle: 1, right: 2 };

/** How a click differs from a plain one. */
export interface ClickOptions {
  button?: keyof typeof BUTTONS;
  modifiers?: readonly string[];
  force?: boolean;
}

/** One window of the browser. Commands go to it wherever the session was before. */
export class WebKitPage {
  private readonly driver: WebDriver;
  private readonly handle: string;

  constructor(driver: WebDriver, handle: string) {
    this.driver = driver;
    this.handle = handle;
  }

  readonly keyboard = { press: (key: string): Promise<void> => this.pressKey(key) };
  readonly mouse = {
    click: (x: number, y: number): Promise<void> => this.pointer({ origin: 'viewport', x, y }, {}),
  };

  /** Errors and console lines are gathered by `NOISE`; nothing else can be listened to. */
  on(event: string): void {
    if (event !== 'pageerror' && event !== 'console') throw new Error(`WebKitGTK's driver tells nothing of ${event}.`);
  }

  /** What `NOISE` has gathered on the page that is shown. */
  async noise(): Promise<string[]> {
    // First as a truth value, which a page that gives arrays and strings a `toJSON` leaves as it is.
    const isQuiet = await this.evaluate<boolean>('!window.__pwNoise?.length');
    return isQuiet ? [] : this.evaluate<string[]>('window.__pwNoise');
  }

  async goto(url: string): Promise<void> {
    await this.bringToFront();
    await this.driver.call('POST', '/url', { url });
  }

  async reload(): Promise<void> {
    await this.bringToFront();
    await this.driver.call('POST', '/refresh');
  }

  async goBack(): Promise<void> {
    await this.bringToFront();
    await this.driver.call('POST', '/back');
  }

  async title(): Promise<string> {
    await this.bringToFront();
    return this.driver.call<string>('GET', '/title');
  }

  /** Gives what is inside the window that size, whatever surrounds it. */
  async resize(width: number, height: number): Promise<void> {
    await this.bringToFront();
    const [extraWidth, extraHeight] = await this.driver.execute<[number, number]>(
      'return [outerWidth - innerWidth, outerHeight - innerHeight]',
    );
    await this.driver.call('POST', '/window/rect', { width: width + extraWidth, height: height + extraHeight });
  }

  /** Makes this window the one that commands and a person's eyes are on. */
  async bringToFront(): Promise<void> {
    await this.driver.call('POST', '/window', { handle: this.handle });
  }

  /** Closes the window; cookies of the page it shows go with it, since all tests have one browser and one host. */
  async close(): Promise<void> {
    await this.bringToFront();
    await this.driver.call('DELETE', '/cookie');
    await this.driver.call('DELETE', '/window');
  }

  /** Runs a function or an expression in the page and answers what its promise becomes. */
  async evaluate<T>(callback: Callback, argument?: unknown): Promise<T> {
    await this.bringToFront();
    const script = `
      const [argument, done] = arguments;
      Promise.resolve().then(() => ${asExpression(callback)})
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await this.driver.executeAsync<{ value?: T; error?: string }>(script, [argument ?? null]);
    if (answer.error !== undefined) throw new Error(`In the page: ${answer.error}`);
    return answer.value as T;
  }

  async waitForFunction(callback: Callback): Promise<void> {
    await expect.poll(() => this.evaluate<unknown>(callback).then(Boolean, () => false)).toBe(true);
  }

  async waitForURL(expected: RegExp | string): Promise<void> {
    const pattern = typeof expected === 'string' ? new RegExp(`${expected.replace(/^\*\*/, '')}$`) : expected;
    await expect.poll(() => this.url()).toMatch(pattern);
  }

  async waitForLoadState(): Promise<void> {
    await this.waitForFunction(`document.readyState !== 'loading'`);
  }

  async url(): Promise<string> {
    await this.bringToFront();
    return this.driver.call<string>('GET', '/url');
  }

  async addScriptTag({ content }: { content: string }): Promise<void> {
    await this.evaluate((text: string) => {
      const script = document.createElement('script');
      script.textContent = text;
      document.head.append(script);
    }, content);
  }

  async click(selector: string, options: ClickOptions = {}): Promise<void> {
    const element = await this.find(selector);
    await this.pointer({ origin: element, x: 0, y: 0 }, options);
  }

  async focus(selector: string): Promise<void> {
    await this.driver.execute('arguments[0].focus()', [await this.find(selector)]);
  }

  async press(selector: string, key: string): Promise<void> {
    await this.focus(selector);
    await this.pressKey(key);
  }

  async type(selector: string, text: string): Promise<void> {
    await this.focus(selector);
    for (const key of text) await this.pressKey(key);
  }

  async fill(selector: string, text: string): Promise<void> {
    await this.driver.execute('arguments[0].focus(); arguments[0].select()', [await this.find(selector)]);
    for (const key of text) await this.pressKey(key);
  }

  /** Of a locator, what is used. */
  locator(selector: string): {
    first: () => ReturnType<WebKitPage['locator']>;
    click: (options?: ClickOptions) => Promise<void>;
    press: (key: string) => Promise<void>;
  } {
    return {
      first: () => this.locator(selector),
      click: (options) => this.click(selector, options),
      press: (key) => this.press(selector, key),
    };
  }

  /** Waits for an element as Playwright does. */
  private async find(selector: string): Promise<ElementReference> {
    await this.bringToFront();
    let found: ElementReference | null = null;
    await expect
      .poll(
        async () => {
          found = await this.driver.execute<ElementReference | null>(FIND, [selector]);
          return found !== null;
        },
        { message: `an element for ${selector}` },
      )
      .toBe(true);
    return found as unknown as ElementReference;
  }

  private async pointer(target: Record<string, unknown>, { button = 'left', modifiers = [] }: ClickOptions) {
    await this.bringToFront();
    const keys = (type: string): Record<string, unknown>[] => modifiers.map((key) => ({ type, value: KEYS[key] }));
    const still = modifiers.map(() => ({ type: 'pause' }));
    const press = { button: BUTTONS[button] };
    const pointer: ActionSequence = {
      type: 'pointer',
      id: 'mouse',
      actions: [
        ...still,
        { type: 'pointerMove', duration: 0, ...target },
        { type: 'pointerDown', ...press },
        { type: 'pointerUp', ...press },
        ...still,
      ],
    };
    const pauses = Array.from({ length: 3 }, () => ({ type: 'pause' }));
    const keyboard: ActionSequence = {
      type: 'key',
      id: 'keys',
      actions: [...keys('keyDown'), ...pauses, ...keys('keyUp')],
    };
    await this.driver.perform([keyboard, pointer]);
  }

  private async pressKey(key: string): Promise<void> {
    const value = KEYS[key] ?? key;
    await this.bringToFront();
    const actions = [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ];
    await this.driver.perform([{ type: 'key', id: 'keys', actions }]);
  }
}
