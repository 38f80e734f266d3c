/** What the page wants of the tracker: attributes of its script, `window.goalpost`, or the argument of `createTracker`. */

/**
 * Names are those of the script's `data-` attributes without the prefix. Switches take booleans or their words.
 * `prop-<name>` are properties of every view.
 */
export interface TrackerOptions {
  /** Public key, id or domain of the site; default the page's host name. */
  site?: string;
  /** Base URL of the collector, absolute or a path of this origin; default the folder of the script. */
  api?: string;
  /** Where the goals come from: the collector unless `inline` (`#goalpost-goals`) or a URL. */
  goals?: string;
  /** false: no automatic views. */
  auto?: boolean | string;
  /** true: the fragment is part of the route. */
  hash?: boolean | string;
  /** Whether a change of the query alone is a view. */
  query?: 'count' | 'ignore';
  /** What may be written in the browser: nothing, undelivered conversions, or a visitor and session id too. */
  store?: 'none' | 'outbox' | 'local';
  /** `pending`: nothing is sent or written until `consent(true)`; `denied`: nothing at all. */
  consent?: 'granted' | 'pending' | 'denied';
  /** Signals that switch tracking off; `none` ignores them. */
  respect?: string;
  /** Comma-separated path patterns, `*` being any run of characters: pages left out, or the only ones taken. */
  exclude?: string;
  include?: string;
  /** Name of the global; default `tracker`. */
  global?: string;
  /** true: says in the console what is met and why. */
  debug?: boolean | string;
  /** true: browsers driven by programs count too. */
  'allow-automation'?: boolean | string;
  [property: `prop-${string}`]: string;
}

/** The options in force. */
export let options: TrackerOptions = {};
/** Base URL of the collector, without a slash at its end. */
export let api: string;
/** The site by its key, id or domain. */
export let site: string;

/** Takes the options; `script` is the address of the tracker's own file, whose query may hold options too. */
export const setOptions = (given: TrackerOptions | undefined, script = ''): void => {
  const [file, query] = script.split('?');
  options = { ...Object.fromEntries(new URLSearchParams(query)), ...given };
  // Whatever `<base>` says; of no file the origin.
  api = new URL(options.api || `${file}/..`, location as never).href.replace(/\/$/, '');
  site = options.site || location.hostname;
};

/** Whether a switch is on: true, its word, or its attribute without a value. */
export const isOn = (name: 'hash' | 'debug' | 'allow-automation'): boolean => /^(true|)$/.test(options[name] as never);
