/** A link to a table as a file; with a share link the file is fetched first, since a plain link cannot carry its secret. */
import type { ComponentChildren } from 'preact';
import { useAccount } from '../account.ts';
import { requestText } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { ProblemNotice } from './notice.tsx';

/** `path` is the API's, `file` what it is saved as. */
export function CsvLink({ path, file, children }: { path: string; file: string; children: ComponentChildren }) {
  const { shareToken } = useAccount();
  const { busy, problem, send } = useSending();
  if (shareToken === undefined) {
    return (
      <a href={path} download={file}>
        {children}
      </a>
    );
  }
  const save = () =>
    send(async () => {
      const url = URL.createObjectURL(new Blob([await requestText(path)], { type: 'text/csv' }));
      const link = Object.assign(document.createElement('a'), { href: url, download: file });
      link.click();
      URL.revokeObjectURL(url);
    });
  return (
    <>
      <button type="button" class="plain" onClick={save} aria-disabled={busy}>
        {children}
      </button>
      <ProblemNotice problem={problem} />
    </>
  );
}
