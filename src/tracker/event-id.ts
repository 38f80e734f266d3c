/** Event ids: UUIDs of version 7, which begin with their time. */

/** Makes an id of the present moment. */
export const newId = (): string =>
  `0${Date.now().toString(16)}7${[...crypto.getRandomValues(new Uint8Array(10))].map((byte) => (byte + 256).toString(16).slice(1)).join('')}`.replace(
    /(.{8})(.{4})(.{4})..(.{3})/,
    '$1-$2-$3-8$4-',
  );

/** When the id was made, in ms since 1970: its first twelve digits. */
export const timeOfId = (id: string): number => Number.parseInt(id.replace('-', ''), 16);
