/** Playwright's test with WebKitGTK's page and context in the place of its own; one browser for each worker. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { WebDriver } from './web-driver.ts';
import { WebKitPage } from './webkit-page.ts';

/** What specs use of a context: new windows. */
class WebKitContext {
  private readonly driver: WebDriver;

  constructor(driver: WebDriver) {
    this.driver = driver;
  }

  handles(): Promise<string[]> {
    return this.driver.call<string[]>('GET', '/window/handles');
  }

  /** A window and not a tab: what is in a tab behind another is hidden, and cannot be clicked. */
  async newPage(): Promise<WebKitPage> {
    const { handle } = await this.driver.call<{ handle: string }>('POST', '/window/new', { type: 'window' });
    return new WebKitPage(this.driver, handle);
  }

  /** The next window that opens. */
  async waitForEvent(): Promise<WebKitPage> {
    const before = await this.handles();
    let fresh: string | undefined;
    await expect
      .poll(async () => {
        fresh = (await this.handles()).find((handle) => !before.includes(handle));
        return fresh;
      })
      .toBeDefined();
    return new WebKitPage(this.driver, fresh!);
  }
}

/** Specs are typed by Playwright; the few members they use here exist, and one that does not fails its test. */
export const webkitTest = test.extend<object, { driver: WebDriver }>({
  driver: [
    async ({ browserName: _ }, use) => {
      const driver = new WebDriver();
      await driver.start();
      await use(driver);
      await driver.stop();
    },
    { scope: 'worker' },
  ],
  context: async ({ driver }, use) => {
    await use(new WebKitContext(driver) as unknown as BrowserContext);
  },
  page: async ({ driver }, use) => {
    const context = new WebKitContext(driver);
    const page = await context.newPage();
    await page.resize(1280, 800);
    await use(page as unknown as Page);
    const [first, ...rest] = await context.handles();
    for (const handle of rest) await new WebKitPage(driver, handle).close();
    await new WebKitPage(driver, first!).bringToFront();
  },
});
