/** What is wrong with a command line itself: said for people with the help, for scripts as JSON. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder, run } from './command-line.ts';

/** Every command is a process of its own, and two cores may be busy with other tests. */

test.each([
  [['site', 'add'], "missing required argument 'domain'"],
  [['key', 'create', '--site', 'x'], "required option '--scopes <scopes>' not specified"],
  [['goals', 'list', 'x', '--nope'], "unknown option '--nope'"],
  [['nope'], "unknown command 'nope'"],
])('%j is refused in words', async (args, message) => {
  const data = await dataFolder();
  const people = await run(data, args);
  expect([people.code, people.stdout, people.stderr]).toEqual([1, '', expect.stringContaining(`error: ${message}`)]);
  expect(people.stderr).toContain('Usage: goalpost');
  const scripts = await run(data, [...args, '--json']);
  expect([scripts.code, scripts.stdout, JSON.parse(scripts.stderr)]).toEqual([
    1,
    '',
    { error: { code: 'failed', message } },
  ]);
});

test('help and version are no failures, whoever asks', async () => {
  const data = await dataFolder();
  for (const json of [[], ['--json']]) {
    const help = await run(data, ['goals', 'add', '--help', ...json]);
    expect([help.code, help.stdout, help.stderr]).toEqual([0, expect.stringContaining('--json-file'), '']);
    expect(await run(data, ['--version', ...json])).toMatchObject({ code: 0, stderr: '' });
  }
});

test('a file that is not there is named', async () => {
  const data = await dataFolder();
  const answers = [
    await run(data, ['goals', 'import', 'x', `${data}/none.json`]),
    await run(data, ['goals', 'check', 'x', '--event', 'a', '--html', `${data}/none.json`]),
    await run(data, ['goals', 'add', 'x', '--json-file', data]),
  ];
  expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual([
    [1, `goalpost: There is no file ${data}/none.json.\n`],
    [1, `goalpost: There is no file ${data}/none.json.\n`],
    [1, `goalpost: A folder is no file: ${data}.\n`],
  ]);
});

test('a data folder that is none is named, to whoever asks for it', async () => {
  const file = join(await dataFolder(), 'file');
  await writeFile(file, '');
  for (const data of [file, join(file, 'below')]) {
    const message = `The data folder ${data} is no folder; name another with --data.`;
    expect(await run(data, ['serve', '--port', '0'])).toMatchObject({ code: 1, stderr: `goalpost: ${message}\n` });
    const list = await run(data, ['site', 'list', '--json']);
    expect([list.code, JSON.parse(list.stderr)]).toEqual([1, { error: { code: 'failed', message } }]);
  }
});
