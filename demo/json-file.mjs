/** What the demo keeps in files: written whole or not at all, and taken for absent when it cannot be read. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The file's JSON; undefined when there is none, or none that can be read. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes a file for its owner alone; whoever reads meanwhile finds the old one or the new one. */
export function writeJson(file, value) {
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
