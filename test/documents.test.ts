/** README and the map say what is so: the two commands, every trigger, every value, every dependency with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TRIGGER_TYPES } from '../src/core/goal.ts';
import { ROOT } from './tidy/source-files.ts';

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const readme = read('README.md');
const map = read('src/README.md');
const { dependencies, devDependencies, scripts } = JSON.parse(read('package.json'));

/** A package's name as a pattern that also finds it in a short form such as `@fastify/{cookie,helmet}`. */
function mentions(text: string, name: string): boolean {
  if (text.includes(`\`${name}\``)) return true;
  const [scope, rest] = name.split('/');
  return text.split('`').some((quoted) => {
    const short = /^(@[\w-]+)\/\{(.*)\}$/.exec(quoted);
    return short?.[1] === scope && short?.[2]?.split(',').includes(rest ?? '') === true;
  });
}

describe('the documents', () => {
  test.each(['npm install && npm start', 'npm install && npm test'])('README shows the command %s', (command) => {
    expect(readme).toContain(command);
  });

  test.each(TRIGGER_TYPES)('README names the trigger %s', (type) => {
    expect(readme).toContain(`\`${type}\``);
  });

  test('README names no script of the package that does not exist', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });

  test('the map says of every dependency why it is there', () => {
    const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
    expect(names.filter((name) => !mentions(map, name))).toEqual([]);
  });

  test('the map shows every folder of the source', () => {
    const folders = readdirSync(`${ROOT}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !map.includes(`\`${name}/`))).toEqual([]);
  });

  test('the decisions are numbered and at most ten lines each', () => {
    const decisions = map
      .slice(map.indexOf('## Decisions'), map.indexOf('## Dependencies'))
      .split(/^(?=\d+\. )/m)
      .slice(1);
    expect(decisions.map((text) => Number.parseInt(text, 10))).toEqual(decisions.map((_, index) => index + 1));
    expect(decisions.filter((text) => text.trim().split('\n').length > 10)).toEqual([]);
  });

  test('the lines that CI runs are those of README', () => {
    expect(read('.ci/run')).toContain('npm install && npm test');
  });
});
