/** The beginning of what another server answers: it may send without end, or a little that unpacks to a lot. */

/** Reads so many characters at most, and lets go of the rest. Throws what reading throws. */
export async function readStart(answer: Response, characters: number): Promise<string> {
  if (answer.body === null) return '';
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < characters) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.slice(0, characters);
}
