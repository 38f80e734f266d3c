/** Event ids: UUIDs of version 7, which begin with their time. */

/** Makes an id of the present moment. */
export const newId = (): string => {
  const time = `0${Date.now().toString(16)}`;
  let at = 0;
  return 'xxxxxxxx-xxxx-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => time[at++] ?? Math.random().toString(16)[2]!);
};

/** When the id was made, in ms since 1970: its first twelve digits. */
export const timeOfId = (id: string): number => parseInt(id.replace('-', ''), 16);
