import type { SignedRequest } from '../vendors/types.ts';
import type { Values } from '../vendors/types.ts';
import { createRedactor } from './redact.ts';

/** A signed request as texts for a person's eyes. */
export interface RequestDescription {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** '' when there is none; `<n bytes>` when it is no UTF-8 text. */
  readonly body: string;
  readonly signedText: string;
  readonly sign: string;
}

function bodyText(body: Uint8Array | null): string {
  if (body === null) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return `<${body.length.toString()} bytes>`;
  }
}

/** Masks every value of `secrets` in a text, however it is written there. */
export function hider(secrets: Values): (text: string) => string {
  const redactor = createRedactor();
  for (const secret of Object.values(secrets)) redactor.add(secret);
  return (text) => redactor.redact(text);
}

/** What would be sent, for a dry run: every value of `secrets` masked wherever and however it is written; the sign is shown. */
export function describeRequest(request: SignedRequest, secrets: Values): RequestDescription {
  const hide = hider(secrets);
  return {
    method: request.method,
    url: hide(request.url),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, hide(value)])),
    body: hide(bodyText(request.body)),
    signedText: hide(request.signedText),
    sign: hide(request.sign),
  };
}
