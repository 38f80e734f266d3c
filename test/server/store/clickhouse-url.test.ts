/** Addresses of a ClickHouse, as GOALPOST_EVENTS takes them. */
import { describe, expect, it } from 'vitest';
import { parseClickhouseUrl } from '../../../src/server/store/clickhouse-url.ts';

describe('the address of a ClickHouse', () => {
  it('names nodes, who asks, the database and a cluster', () => {
    expect(parseClickhouseUrl('clickhouse://me:p%40ss@one:9000,two/events?cluster=main')).toEqual({
      nodes: ['http://one:9000', 'http://two:8123'],
      username: 'me',
      password: 'p@ss',
      database: 'events',
      cluster: 'main',
    });
  });

  it('needs no more than a host', () => {
    expect(parseClickhouseUrl('clickhouses://one')).toEqual({
      nodes: ['https://one:8443'],
      username: 'default',
      password: '',
      database: 'goalpost',
      cluster: undefined,
    });
  });

  it.each([
    ['clickhouse://', /give clickhouse:/],
    ['clickhouse://one/a.b', /the database "a.b"/],
    ["clickhouse://one/a?cluster=b'", /the cluster/],
    ['clickhouse://one/a?shard=1', /"shard" is no option/],
    ['clickhouse://a b:1/x', /no host/],
  ])('is refused in words: %s', (url, words) => {
    expect(() => parseClickhouseUrl(url)).toThrow(words);
  });
});
