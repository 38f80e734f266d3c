/** WebKitGTK's own WebDriver over HTTP: starts its browser on a display of its own and speaks the protocol's words. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemWebKit } from '../system-browser.mjs';

/** How WebDriver names an element in JSON. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A reference to an element of the page. */
export interface ElementReference {
  [ELEMENT]: string;
}

/** An input device and what it does, as the protocol's "perform actions" has it. */
export interface ActionSequence {
  type: 'key' | 'pointer';
  id: string;
  actions: Record<string, unknown>[];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** One browser: a virtual display, the driver, and a session. */
export class WebDriver {
  private readonly children: ChildProcess[] = [];
  private base = '';
  private session = '';

  /** Starts everything; throws with the driver's words when it cannot. */
  async start(): Promise<void> {
    const binary = systemWebKit();
    if (binary === undefined) throw new Error('WebKitGTK is not installed: apt-get install webkit2gtk-driver xvfb');
    const display = await this.startDisplay();
    const port = await freePort();
    const environment = { ...process.env, DISPLAY: `:${display}`, LANG: 'en_GB.UTF-8', LIBGL_ALWAYS_SOFTWARE: '1' };
    this.children.push(spawn('WebKitWebDriver', [`--port=${port}`], { env: environment, stdio: 'ignore' }));
    this.base = `http://127.0.0.1:${port}`;
    await this.untilReady();
    const browser = { binary, args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browser } };
    const { sessionId } = await this.request<{ sessionId: string }>('POST', '/session', { capabilities });
    this.session = `/session/${sessionId}`;
    await this.call('POST', '/timeouts', { script: 30_000, pageLoad: 30_000 });
  }

  /** Ends the session and the processes. */
  async stop(): Promise<void> {
    if (this.session) await this.call('DELETE', '').catch(() => undefined);
    for (const child of this.children.reverse()) {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill()) await ended;
    }
  }

  /** One command of the session. */
  call<T = null>(method: string, path: string, body?: unknown): Promise<T> {
    return this.request<T>(method, this.session + path, body);
  }

  /** Runs a script's body with `arguments`; promises are awaited by the asynchronous form. */
  execute<T>(script: string, args: unknown[] = []): Promise<T> {
    return this.call<T>('POST', '/execute/sync', { script, args });
  }

  /** Runs a script's body, whose last argument is what it calls when it is done. */
  executeAsync<T>(script: string, args: unknown[] = []): Promise<T> {
    return this.call<T>('POST', '/execute/async', { script, args });
  }

  /** Performs actions of keyboard and pointer, and lets go of everything that is still pressed. */
  async perform(actions: ActionSequence[]): Promise<void> {
    await this.call('POST', '/actions', { actions });
  }

  private async startDisplay(): Promise<string> {
    const screen = ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
    const server = spawn('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    this.children.push(server);
    const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer];
    return String(number).trim();
  }

  /** The driver says nothing when it listens; it is asked until it answers. */
  private async untilReady(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.request('GET', '/status');
        return;
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  }

  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.base + path, {
      method,
      ...(body === undefined && method !== 'POST' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`WebDriver ${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}
