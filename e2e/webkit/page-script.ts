/** What WebDriver runs inside pages: finding elements, gathering noise, and what specs hand over to `evaluate`. */

/** Finds as Playwright does: into open shadow roots, and by a text when asked to. Runs in the page. */
export const FIND = `
  const [selector] = arguments;
  const text = /^text=(.*)/.exec(selector)?.[1];
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  const all = (css) => roots.flatMap((root) => [...root.querySelectorAll(css)]);
  const inHost = (css) => {
    const [host, ...rest] = css.split(' ');
    return all(host).flatMap((element) => (element.shadowRoot ? [...element.shadowRoot.querySelectorAll(rest.join(' '))] : []));
  };
  const found = text === undefined
    ? [...all(selector), ...inHost(selector)]
    : all('*').filter((element) => !element.children.length && element.textContent.trim() === text);
  found[0]?.scrollIntoView({ block: 'nearest' });
  return found[0] ?? null;`;

/** A script at a page's very beginning that gathers its errors and console lines. */
export const NOISE = `<script>{
  const noise = (window.__pwNoise = []);
  addEventListener('error', ({ message }) => message && noise.push('error: ' + message));
  addEventListener('unhandledrejection', ({ reason }) => noise.push('rejected: ' + reason));
  for (const level of ['debug', 'error', 'info', 'log', 'warn']) {
    const own = console[level];
    console[level] = (...words) => (noise.push('console: ' + words.join(' ')), own.apply(console, words));
  }
}</script>`;

/** A function of the page or an expression, as Playwright's `evaluate` takes them. */
export type Callback = string | ((argument: never) => unknown);

/** An expression of the page for what `evaluate` is given; statements need `eval`, which a strict policy forbids. */
export function asExpression(callback: Callback): string {
  if (typeof callback !== 'string') return `(${callback})(argument)`;
  try {
    new Function(`return (${callback})`);
    return `(${callback})`;
  } catch {
    return `(0, eval)(${JSON.stringify(callback)})`;
  }
}
