/** Files that commands are given to read or to write, and what is wrong with one in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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

/** Writes a file anew. Throws an Error naming the place. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no folder ${dirname(file)}.`);
    if (code === 'EISDIR') throw new Error(`${FAULTS.EISDIR} ${file}.`);
    throw code === 'EACCES' ? new Error(`There is no right to write ${file}.`) : error;
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
