/** Where an address is, from a MaxMind-format file: country, and region and city if the file has them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Reader, type Response } from 'maxmind';
import { GenerationMap } from './generation-map.ts';

/** Where an address is. */
export interface Place {
  /** ISO 3166-1 alpha-2; '' unknown. */
  country: string;
  /** `code|name`; '' unknown. */
  region: string;
  city: string;
}

const REMEMBERED_PLACES = 50_000;
export const NOWHERE: Place = { country: '', region: '', city: '' };

/** What the layouts of known files have in common. */
interface GeoRecord {
  /** MaxMind and DB-IP. */
  country?: { iso_code?: string };
  subdivisions?: { iso_code?: string; names?: { en?: string } }[];
  city?: { names?: { en?: string } };
  /** ip-location-db. */
  country_code?: string;
  state1?: string;
}

/** The country file that is installed with the program. */
function bundledFile(): string {
  return createRequire(import.meta.url).resolve(
    '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
  );
}

/** Looks places up. */
export class Geo {
  readonly #reader: Reader<Response>;
  /** One object for each place, however many visitors are there. */
  readonly #places = new GenerationMap<Place>({ entries: REMEMBERED_PLACES, period_ms: 86_400_000 });

  constructor(file: Buffer) {
    this.#reader = new Reader<Response>(file);
  }

  /** `address` as `plainAddress` writes it, '' for none. */
  placeOf(address: string): Place {
    if (address === '') return NOWHERE;
    const place = placeIn(this.#reader.get(address) as GeoRecord | null);
    const name = `${place.country}\n${place.region}\n${place.city}`;
    const known = this.#places.get(name);
    if (known) return known;
    this.#places.set(name, place, 0);
    return place;
  }
}

function placeIn(record: GeoRecord | null): Place {
  if (!record) return NOWHERE;
  const country = record.country?.iso_code ?? record.country_code ?? '';
  const subdivision = record.subdivisions?.[0];
  const code = subdivision?.iso_code ?? '';
  const name = subdivision?.names?.en ?? record.state1 ?? '';
  const city = typeof record.city === 'string' ? record.city : (record.city?.names?.en ?? '');
  return { country: country.toUpperCase(), region: code || name ? `${code}|${name}` : '', city };
}

/** Opens a file; null takes the bundled one. Throws, in words, when it cannot be read. */
export async function openGeo(file: string | null): Promise<Geo> {
  const path = file ?? bundledFile();
  try {
    return new Geo(await readFile(path));
  } catch (error) {
    throw new Error(`GOALPOST_GEO: ${path} cannot be read as a MaxMind-format file.`, { cause: error });
  }
}
