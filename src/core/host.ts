/** Host names and addresses, as settings name them. */
import { normalizeUrl } from './page-url.ts';

/**
 * The host a person means: `https://www.Shop.example:8080/x`, `shop.example.` and `SHOP.example` are `shop.example`;
 * IDN in ASCII, without `www.` and port, as rules see hosts. undefined when it is none.
 */
export function normalizeHost(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /[\s@*]/.test(trimmed)) return undefined;
  // An IPv6 address needs its brackets only where a port may follow.
  const place = /^[\da-f]*:[\da-f:.]*:[\da-f.]*$/i.test(trimmed) ? `[${trimmed}]` : trimmed;
  const url = normalizeUrl(/^[a-z][a-z\d+.-]*:\/\//i.test(place) ? place : `http://${place.replace(/^\/\//, '')}`);
  const host = url?.host.replace(/\.$/, '') ?? '';
  return /^https?:$/.test(url?.scheme ?? '') && isHostName(host) ? host : undefined;
}

/** Labels of 1-63 letters, digits, `-` and `_`, 253 characters in all; or an address. */
function isHostName(host: string): boolean {
  if (host.startsWith('[')) return true;
  return host.length <= 253 && host.split('.').every((label) => /^(?!-)[a-z\d_-]{1,63}(?<!-)$/.test(label));
}

/** An IPv4 or IPv6 address, perhaps with the length of a prefix, in its shortest spelling; undefined when it is none. */
export function normalizeAddressRange(text: string): string | undefined {
  const found = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text.trim());
  if (found === null) return undefined;
  const [, address = '', length] = found;
  const v6 = address.includes(':');
  const spelled = v6 ? normalizeUrl(`http://[${address}]/`)?.host.slice(1, -1) : readIpv4(address);
  if (spelled === undefined || Number(length ?? 0) > (v6 ? 128 : 32)) return undefined;
  return length === undefined ? spelled : `${spelled}/${Number(length)}`;
}

/** Four numbers up to 255; leading zeros are refused, because some programs read them as octal. */
function readIpv4(text: string): string | undefined {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
    ? text
    : undefined;
}
