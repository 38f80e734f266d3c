/** The way to the goal picker: opens a page of the owner's site with it. */
import { useState } from 'preact/hooks';
import { ApiProblem, request, sitePath } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { TextField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';

/** The page's address with the picker's token. Throws ApiProblem for what is no address. */
function pickerAddress(page: string, token: string): string {
  if (!URL.canParse(page) || !/^https?:$/.test(new URL(page).protocol)) {
    throw new ApiProblem(0, { code: 'invalid_field', message: 'Write the whole address: https://shop.example/cart' });
  }
  const url = new URL(page);
  url.hash = `goalpost-pick=${token}`;
  return url.href;
}

/** For a new goal: instead of the form. */
export function PickStart({ site, domain }: { site: string; domain: string }) {
  const [page, setPage] = useState(`https://${domain}/`);
  const [opened, setOpened] = useState<string>();
  const { busy, problem, send } = useSending();
  const open = (domEvent: Event) => {
    domEvent.preventDefault();
    send(async () => {
      pickerAddress(page, '');
      const { token } = await request<{ token: string }>(sitePath(site, 'picker'), { method: 'POST' });
      const address = pickerAddress(page, token);
      setOpened(address);
      window.open(address, '_blank', 'noopener');
    });
  };
  return (
    <form class="pick" onSubmit={open} aria-label="Point at it on your site">
      <TextField
        label="Rather point at it? Open a page of yours and click the thing itself."
        type="url"
        code
        value={page}
        onInput={setPage}
      />
      <button type="submit" aria-disabled={busy}>
        Point at it
      </button>
      <ProblemNotice problem={problem} />
      {opened !== undefined && !problem && <Opened address={opened} />}
    </form>
  );
}

function Opened({ address }: { address: string }) {
  const bookmark = `javascript:void import('${location.origin}/picker.js')`;
  return (
    <p class="quiet" role="status">
      <a href={address} target="_blank" rel="noopener">
        The page
      </a>{' '}
      is open in another tab, with a quarter of an hour to point. No panel there? Drag{' '}
      <a class="bookmark" href={bookmark} onClick={(domEvent) => domEvent.preventDefault()}>
        Goalpost picker
      </a>{' '}
      to your bookmarks and click it on that page.
    </p>
  );
}
