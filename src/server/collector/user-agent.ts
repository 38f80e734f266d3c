/** What a User-Agent header says: browser, operating system, kind of device, and whether it is a bot. */
import Bowser from 'bowser';
import { isbot } from 'isbot';
import { REMEMBERED_USER_AGENTS } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

export interface UserAgent {
  /** As bowser names it (`Chrome`, `Safari`, `Firefox`); '' unknown. */
  browser: string;
  /** As bowser names it (`Windows`, `macOS`, `iOS`, `Android`); '' unknown. */
  os: string;
  device: 'desktop' | 'mobile' | 'tablet' | '';
  bot: boolean;
}

/** Longer headers are cut before anything reads them. */
const HEADER_CHARACTERS = 1_024;

const known = new GenerationMap<UserAgent>({ entries: REMEMBERED_USER_AGENTS, period_ms: 3_600_000 });

/** Reads a User-Agent header; remembers what it read, because there are few different ones. */
export function readUserAgent(header: string | undefined): UserAgent {
  const text = header === undefined ? '' : header.length > HEADER_CHARACTERS ? beginningOf(header) : header;
  const found = known.get(text);
  if (found) return found;
  const agent = parse(text);
  known.set(text, agent, 0);
  return agent;
}

/** A copy: a slice would keep the whole header in memory for as long as it is remembered. */
function beginningOf(header: string): string {
  return Buffer.from(header.slice(0, HEADER_CHARACTERS)).toString();
}

function parse(text: string): UserAgent {
  // No browser leaves the header out.
  if (text === '') return { browser: '', os: '', device: '', bot: true };
  const result = Bowser.parse(text);
  return {
    browser: result.browser.name ?? '',
    os: result.os.name ?? '',
    device: deviceOf(result.platform.type),
    bot: isbot(text),
  };
}

function deviceOf(type: string | undefined): UserAgent['device'] {
  if (type === 'mobile' || type === 'tablet' || type === 'desktop') return type;
  return '';
}
