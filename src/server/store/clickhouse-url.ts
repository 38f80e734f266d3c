/** `clickhouse://user:password@host:8123,other:8123/database?cluster=name`: where a ClickHouse is. */

/** A parsed address. */
export interface ClickhousePlace {
  /** Base URLs of the nodes that may be asked, in the order they are tried. */
  nodes: string[];
  username: string;
  password: string;
  database: string;
  /** Tables are made on all nodes of this cluster, replicated and distributed; undefined: one node. */
  cluster: string | undefined;
}

const ADDRESS = /^clickhouse(s?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]+)(?:\/([^?#/]*))?(?:\?([^#]*))?$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const PORT = { plain: 8123, secure: 8443 };

/** A name that can stand in a statement. Throws RangeError in words. */
function named(what: string, name: string): string {
  if (!NAME.test(name)) throw new RangeError(`the ${what} "${name}" may have letters, digits, _ and - only.`);
  return name;
}

/** Reads an address. Throws RangeError, a sentence in words that names what is wrong. */
export function parseClickhouseUrl(url: string): ClickhousePlace {
  const parts = ADDRESS.exec(url);
  if (!parts) throw new RangeError('give clickhouse://user:password@host:8123/database.');
  const [, secure, user = '', password = '', hosts = '', database = '', query = ''] = parts;
  const nodes = hosts.split(',').map((host) => {
    const base = `${secure ? 'https' : 'http'}://${/:\d+$/.test(host) ? host : `${host}:${secure ? PORT.secure : PORT.plain}`}`;
    if (!URL.canParse(base)) throw new RangeError(`"${host}" is no host.`);
    return base;
  });
  const options = new URLSearchParams(query);
  const cluster = options.get('cluster') ?? undefined;
  const unknown = [...options.keys()].filter((name) => name !== 'cluster');
  if (unknown.length > 0) throw new RangeError(`"${unknown[0]}" is no option; there is "cluster".`);
  return {
    nodes,
    username: decodeURIComponent(user) || 'default',
    password: decodeURIComponent(password),
    database: named('database', decodeURIComponent(database) || 'goalpost'),
    cluster: cluster === undefined ? undefined : named('cluster', cluster),
  };
}
