/** The frame of every page of the shop: head with Goalpost's snippet, header, footer, and the strip of goals. */
import { createHash } from 'node:crypto';
import { escapeHtml } from './text.mjs';

/** Calls made before the script arrives are kept and replayed; this is the only inline script of the shop. */
const stub = "window.tracker=window.tracker||{q:[],track(){this.q.push(['track',...arguments])}}";

/** The stub's hash, for a policy that allows no other inline script. */
const stubHash = `'sha256-${createHash('sha256').update(stub).digest('base64')}'`;

/**
 * @typedef {object} ShopSettings
 * @property {string} goalpostUrl where the tracker comes from and events go to
 * @property {string} siteKey the site's public key
 * @property {string} partnerUrl where the outbound link leads
 * @property {boolean} allowAutomation whether a browser that a program drives counts
 * @property {boolean} strip whether the strip of goals is shown
 */

/** The policy every page is served under: no inline script but the stub, no inline style, nobody else's server. */
export function contentPolicy({ goalpostUrl }) {
  return [
    "default-src 'self'",
    `script-src 'self' ${stubHash} ${goalpostUrl}`,
    `connect-src 'self' ${goalpostUrl}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

function snippet(settings) {
  const automation = settings.allowAutomation ? ' data-allow-automation' : '';
  return `<script defer src="${escapeHtml(settings.goalpostUrl)}/tracker.js" data-site="${escapeHtml(settings.siteKey)}"${automation}></script>
  <script>${stub}</script>`;
}

const mark = `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M6 22c0-11 4-16 10-16s10 5 10 16" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/><path d="M10 27h12M16 6v16" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/></svg>`;

const header = (current) => `<header class="top">
  <a class="brand" href="/">${mark}<span>Alder <i>&amp;</i> Clay</span></a>
  <nav aria-label="Shop">
    ${[
      ['/', 'Shop', 'shop'],
      ['/lookbook', 'Lookbook', 'lookbook'],
      ['/stories/firing', 'Stories', 'story'],
    ]
      .map(
        ([href, name, page]) =>
          `<a href="${href}" data-testid="nav-${page}"${page === current ? ' aria-current="page"' : ''}>${name}</a>`,
      )
      .join('\n    ')}
  </nav>
  <a class="basket" href="/cart" data-testid="nav-cart"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9h16l-1.6 10.5H5.6zM8.5 9c0-3.2 1.4-5 3.5-5s3.5 1.8 3.5 5" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"/></svg><span>Cart</span> <b data-cart-count data-testid="cart-count">0</b></a>
</header>`;

const footer = ({ partnerUrl }) => `<footer class="foot">
  <div><strong>Alder &amp; Clay</strong><p>Two potters, one joiner and a kiln.<br>Hafenstraße 12, 23966 Wismar</p></div>
  <div><strong>Good to know</strong><p><a href="/stories/firing">How we fire</a><br><a href="/lookbook">Lookbook</a><br>
    <a href="${escapeHtml(partnerUrl)}" rel="noopener" data-testid="outbound">More about stoneware ↗</a></p></div>
  <form id="newsletter" class="newsletter" action="/newsletter" method="post" data-testid="newsletter" data-prop-place="footer">
    <label for="newsletter-email"><strong>A letter when the kiln opens</strong></label>
    <div class="field-row"><input id="newsletter-email" name="email" type="email" autocomplete="email" required placeholder="you@example.com">
    <button class="button small" type="submit">Sign up</button></div>
    <p class="quiet" data-newsletter-state>Four letters a year, nothing else.</p>
  </form>
  <p class="fine">A demonstration shop: nothing is sold, nothing is sent.</p>
</footer>`;

/** A whole page. `scripts` come after the tracker, `early` before it, in the order of the document. */
export function layout(settings, { title, page, body, head = '', scripts = [], early = [] }) {
  const after = ['shop', ...scripts, ...(settings.strip ? ['strip'] : [])];
  const styles = ['base', 'shop', ...(settings.strip ? ['strip'] : [])];
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${escapeHtml(title)} · Alder &amp; Clay</title>
  <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
  ${styles.map((name) => `<link rel="stylesheet" href="/assets/${name}.css">`).join('\n  ')}
  ${early.map((name) => `<script defer src="/assets/${name}.js"></script>`).join('\n  ')}
  ${snippet(settings)}
  ${after.map((name) => `<script type="module" src="/assets/${name}.js"></script>`).join('\n  ')}
  ${head}
</head>
<body class="page-${page}">
<a class="skip" href="#main">Skip to content</a>
${header(page)}
<main id="main">
${body}
</main>
${footer(settings)}
</body>
</html>
`;
}
