/** Files that commands are given, and what is wrong with one in words. */
import { readFileSync } from 'node:fs';

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file',
  EISDIR: 'A folder is no file:',
  EACCES: 'There is no right to read',
};

/** The text of a file, or of standard input for `-`. Throws an Error naming the place. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const fault = FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
    throw fault === undefined ? error : new Error(`${fault} ${file}.`);
  }
}

/** JSON of a file, or of standard input. Throws as `readText`, and when it is none. */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${file === '-' ? 'Standard input' : file} is not JSON.`);
  }
}
