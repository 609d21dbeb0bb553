import type { RequestView } from '../../contract/request.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Session } from './session.ts';

/** Prints a signed request under its title: the request, the text that was signed, the sign. */
export function tellRequest({ terminal, t }: Session, shown: RequestView, title: Bilingual): void {
  terminal.object({ event: 'request', ...shown });
  terminal.line(
    '',
    t(title),
    `${shown.method} ${shown.url}`,
    ...Object.entries(shown.headers).map(([name, value]) => `${name}: ${value}`),
  );
  if (shown.body !== '') terminal.line('', shown.body);
  terminal.line(
    '',
    `${t({ zh: '签名原文', en: 'signed text' })}: ${shown.signedText}`,
    `${t({ zh: '签名', en: 'sign' })}: ${shown.sign}`,
  );
}
