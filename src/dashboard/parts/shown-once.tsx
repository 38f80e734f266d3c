/** A secret that was just made: shown this once, to be copied. */
import { Copyable } from './copyable.tsx';
import { Notice } from './notice.tsx';

/** `words` say what it is, `what` names it on the button; nothing while there is none. */
export function ShownOnce({ text, words, what }: { text: string | undefined; words: string; what: string }) {
  if (text === undefined) return null;
  return (
    <Notice kind="good">
      <p>{words}</p>
      <Copyable text={text} what={what} />
    </Notice>
  );
}
