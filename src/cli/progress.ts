/** A bar for long work on a terminal; scripts, and output that goes into a file, see nothing of it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const WIDTH = 30;
const AGAIN_MS = 100;

/** Where it is drawn: a terminal's error output, so that what is printed stays clean. */
export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** What is drawn. */
export interface ProgressOptions {
  label: string;
  /** How much is done, 0 to 1; asked again and again. */
  done: () => number;
  json?: boolean | undefined;
  screen?: Screen;
}

/** `Backing up  ██████░░░░  60%` */
export function barOf(label: string, fraction: number): string {
  const share = Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : 0));
  const full = Math.round(share * WIDTH);
  return `${label}  ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)}%`;
}

/** Runs the work with a bar beside it, which goes when the work ends, however it ends. */
export async function withProgress<T>(options: ProgressOptions, work: () => Promise<T>): Promise<T> {
  const { label, done, json = false, screen = process.stderr } = options;
  if (json || !screen.isTTY) return work();
  const draw = (): void => {
    screen.write(`\r${barOf(label, done())}`);
  };
  draw();
  const timer = setInterval(draw, AGAIN_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    screen.write('\r\u001b[K');
  }
}

/** Bytes of the files in a folder and below; 0 where there is none yet. */
export function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    // Files come and go while a server runs.
    return 0;
  }
}
