/** Event ids: UUIDs in the stores, whatever form their senders gave them. */

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const HEX_24 = /^[\da-f]{24}$/;
const ZEROS = '00000000';

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function hexOf(bytes: Iterable<number>): string {
  let hex = '';
  for (const byte of bytes) hex += (byte & 0xff).toString(16).padStart(2, '0');
  return hex;
}

/** A UUID of version 7 (RFC 9562): 48 bits of time in ms since 1970, the rest from ten random bytes. */
export function uuid7(time_ms: number, random: Uint8Array): string {
  if (random.length !== 10) throw new RangeError('uuid7 takes ten random bytes.');
  const time = Math.max(0, Math.floor(time_ms)).toString(16).padStart(12, '0').slice(-12);
  const [versioned = 0, low = 0, varied = 0, ...rest] = random;
  return asUuid(time + hexOf([0x70 | (versioned & 0x0f), low, 0x80 | (varied & 0x3f), ...rest]));
}

/** When a UUID of version 7 was made, ms since 1970; undefined for other ids. */
export function uuid7Time(id: string): number | undefined {
  return UUID.test(id) && id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

/**
 * The UUID an event is stored under: UUIDs stay (in lower case), ids of 24 hex digits get eight zeros before them
 * (`hexEventId` finds them again), anything else becomes its MD5. `md5` answers 32 hex digits.
 */
export function eventUuid(id: string, md5: (text: string) => string): string {
  const lower = id.toLowerCase();
  if (UUID.test(lower)) return lower;
  return asUuid(HEX_24.test(lower) ? ZEROS + lower : md5(id));
}

/** The 24 hex digits a stored UUID stands for; undefined when it stands for something else. */
export function hexEventId(uuid: string): string | undefined {
  return uuid.startsWith(`${ZEROS}-`) ? uuid.slice(9).replaceAll('-', '') : undefined;
}
