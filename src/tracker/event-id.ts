/** Event ids: UUIDs of version 7, which begin with their time. */

/** Makes an id of the present moment. */
export function newId(): string {
  const random = [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => (byte + 256).toString(16).slice(1)).join('');
  return `0${Date.now().toString(16)}7${random.slice(0, 3)}8${random.slice(3)}`.replace(
    /(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-',
  );
}

/** When the id was made, in ms since 1970: its first twelve digits. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.replace('-', ''), 16);
}
