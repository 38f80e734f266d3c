/** A small single-page application: one page, routes by `history`, buttons that say what they did to the tracker. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the page takes its tracker from. */
export interface AppSettings {
  collectorUrl: string;
  siteKey: string;
}

/** Its own script: routes, and a button that hides its click from everybody else. */
const SCRIPT = `
  const one = (selector) => document.querySelector(selector);
  const show = () => {
    one('#deep').hidden = location.pathname !== '/app/read';
    document.title = location.pathname;
  };
  window.route = (path) => { history.pushState(null, '', path); show(); };
  addEventListener('popstate', show);
  one('#talk').addEventListener('click', (domEvent) => {
    domEvent.preventDefault();
    domEvent.stopImmediatePropagation();
    one('#talk').textContent = 'Somebody will call';
  });
  one('#contact').addEventListener('submit', (domEvent) => {
    domEvent.preventDefault();
    one('#contact').reset();
  });
  show();
`;

function pageOf({ collectorUrl, siteKey }: AppSettings): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title>
<link rel="icon" href="data:,">
<script defer src="${collectorUrl}/tracker.js" data-site="${siteKey}" data-allow-automation></script></head>
<body><h1>An app</h1>
<button type="button" id="talk"><b><i>Talk</i> to <span>us</span></b></button>
<form id="contact"><input name="message" required><button>Send</button></form>
<section id="deep" hidden><p>Something worth reading.</p></section>
<script>${SCRIPT}</script></body></html>`;
}

/** Serves the application under `/app`, and what lies outside of everything under `/elsewhere`. */
export async function startApp(settings: AppSettings): Promise<{ url: string; close(): Promise<void> }> {
  const html = pageOf(settings);
  const server: Server = createServer((request, response) => {
    const inside = request.url?.startsWith('/app');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(
      inside ? html : '<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><p>Elsewhere</p>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
