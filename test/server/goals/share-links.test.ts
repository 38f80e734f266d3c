/** Share links and announced event names. */
import { expect, test } from 'vitest';
import type { EventName } from '../../../src/server/goals/event-names.ts';
import { ORIGIN, temporaryConfiguration, withSite } from './temporary-configuration.ts';

test('a share link is found by its token until it expires or is revoked', async () => {
  const { configuration, site, clock } = await withSite();
  const { shareLinks } = configuration;
  const lasting = await shareLinks.create(site, { name: 'Agency' }, ORIGIN);
  const short = await shareLinks.create(site, { expires_at: clock.ms + 1_000 }, ORIGIN);
  expect(await shareLinks.find(lasting.token)).toMatchObject({ id: lasting.id, site_id: site, name: 'Agency' });
  expect(JSON.stringify(await shareLinks.list(site))).not.toContain(lasting.token);
  clock.ms += 1_000;
  expect(await shareLinks.find(short.token)).toBeUndefined();
  await shareLinks.revoke(site, lasting.id, ORIGIN);
  expect(await shareLinks.find(lasting.token)).toBeUndefined();
  await expect(shareLinks.revoke(site, lasting.id, ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
  const past = shareLinks.create(site, { expires_at: clock.ms }, ORIGIN);
  await expect(past).rejects.toMatchObject({ code: 'invalid_field', field: 'expires_at' });
});

test('a share link ends with its site', async () => {
  const { configuration, site } = await withSite();
  const { token } = await configuration.shareLinks.create(site, {}, ORIGIN);
  await configuration.sites.remove(site, ORIGIN);
  expect(await configuration.shareLinks.find(token)).toBeUndefined();
});

test('an event name is announced once, with what its dialect keeps', async () => {
  const { configuration, site } = await withSite();
  const foreign = (existing: readonly EventName[]) => ({ linkname: `signup${existing.length || ''}` });
  const ensure = (name: string) => configuration.eventNames.ensure(site, { name, foreign }, ORIGIN);
  const asked = await Promise.all(['Signup', ' Signup ', 'signup', 'Signup'].map(ensure));
  expect(asked.map(({ number }) => number)).toEqual([1, 1, 2, 1]);
  expect(await configuration.eventNames.list(site)).toMatchObject([
    { number: 2, name: 'signup', foreign: { linkname: 'signup1' } },
    { number: 1, name: 'Signup', foreign: { linkname: 'signup' } },
  ]);
  await expect(ensure(' ')).rejects.toMatchObject({ code: 'invalid_field', field: 'name' });
});

test('a site that does not exist has neither', async () => {
  const { configuration } = await temporaryConfiguration();
  await expect(configuration.shareLinks.list('none')).rejects.toMatchObject({ code: 'unknown_site' });
  await expect(configuration.eventNames.list('none')).rejects.toMatchObject({ code: 'unknown_site' });
});
