/** What a browser loads before the first view: little, and from nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../tidy/source-files.ts';

const FOLDER = join(ROOT, 'dist/dashboard');
const BUDGET_BYTES = 60 * 1_024;
const read = (path: string): Buffer => readFileSync(join(FOLDER, path));
const page = read('index.html').toString();

describe('the first view', () => {
  test('loads at most 60 KB of script, Brotli', () => {
    const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => String(match[1]));
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, script) => sum + brotliCompressSync(read(script)).length, 0);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('names no other host, neither in its page nor in its styles', () => {
    const styles = readdirSync(join(FOLDER, 'assets')).filter((name) => name.endsWith('.css'));
    const texts = [page, ...styles.map((name) => read(join('assets', name)).toString())];
    for (const text of texts)
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|@import/);
  });

  test('has nothing inline, as its security policy asks', () => {
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=| on\w+=/);
  });
});
