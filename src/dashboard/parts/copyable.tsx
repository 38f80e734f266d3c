/** Text to take away: shown whole, copied with one press. */
import { useEffect, useState } from 'preact/hooks';

/** `what` names it for screen readers. */
export function Copyable({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<'no' | 'yes'>('no');
  useEffect(() => setCopied('no'), [text]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    );
  };
  return (
    <div class="snippet">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" onClick={copy}>
        {copied === 'yes' ? 'Copied' : 'Copy'}
        <span class="hidden"> {what}</span>
      </button>
    </div>
  );
}
