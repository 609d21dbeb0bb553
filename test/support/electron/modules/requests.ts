import { toApp, toChromium } from '../addresses.ts';
import type { Protocol } from '../cdp.ts';
import { preventable } from '../provided.ts';
import { note } from '../runtime.ts';
import type { RequestDetails } from './session.ts';
import type { WebContents } from './web-contents.ts';

type Paused = Protocol.Fetch.requestPausedPayload;

/** Chromium's resource types, and Electron's names for them. */
const TYPES: Readonly<Record<string, string>> = {
  Document: 'mainFrame',
  Stylesheet: 'stylesheet',
  Image: 'image',
  Media: 'media',
  Font: 'font',
  Script: 'script',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  WebSocket: 'webSocket',
};

let count = 0;

/** Decides on one request of a page: main's navigation events first, then its `webRequest`, then who serves its scheme. */
export async function answerRequest(contents: WebContents, paused: Paused): Promise<void> {
  const { requestId, request, resourceType, frameId } = paused;
  const address = toApp(`${request.url}${request.urlFragment ?? ''}`);
  const fail = (errorReason: Protocol.Network.ErrorReason): Promise<unknown> =>
    contents.cdp.send('Fetch.failRequest', { requestId, errorReason });
  if (resourceType === 'Document' && !mayNavigate(contents, paused, address)) {
    await fail('Aborted');
    return;
  }
  // Chromium asks for it, Electron does not.
  if (resourceType === 'Other' && new URL(request.url).pathname === '/favicon.ico') {
    await contents.cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 204 });
    return;
  }
  const frame = contents.frames.find(frameId);
  const details: RequestDetails = {
    id: ++count,
    url: address,
    method: request.method,
    resourceType: resourceType === 'Document' && frame?.parent ? 'subFrame' : (TYPES[resourceType] ?? 'other'),
    webContentsId: contents.id,
    webContents: contents,
    frame,
    referrer: toApp(request.headers['Referer'] ?? ''),
    timestamp: Date.now(),
  };
  const { cancel = false, redirectURL } = await contents.session.webRequest.before(details);
  if (cancel) {
    await fail('BlockedByClient');
    return;
  }
  if (redirectURL !== undefined) {
    const responseHeaders = [{ name: 'location', value: toChromium(redirectURL) }];
    await contents.cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders });
    return;
  }
  if (address === `${request.url}${request.urlFragment ?? ''}`)
    await contents.cdp.send('Fetch.continueRequest', { requestId });
  else await serve(contents, paused, details);
}

/** Tells main of a navigation that the page itself, or a reply's redirect, asked for. False when main prevents it. */
function mayNavigate(contents: WebContents, paused: Paused, url: string): boolean {
  const frame = contents.frames.find(paused.frameId);
  const isMainFrame = frame === null || frame.parent === null;
  const event = (): ReturnType<typeof preventable<object>> =>
    preventable({ url, isSameDocument: false, isMainFrame, isInPlace: false, frame, initiator: frame });
  const emit = (name: string): boolean => {
    const details = event();
    contents.emit(name, details, url, false, isMainFrame, contents.frames.processId, frame?.routingId ?? 0);
    return !details.defaultPrevented;
  };
  if (paused.redirectedRequestId !== undefined) return emit('will-redirect');
  if (!contents.takeWish(paused.frameId)) return true;
  return emit('will-frame-navigate') && (!isMainFrame || emit('will-navigate'));
}

async function serve(contents: WebContents, paused: Paused, details: RequestDetails): Promise<void> {
  const { requestId, request } = paused;
  const handler = contents.session.protocol.handlerOf(new URL(details.url).protocol.slice(0, -1));
  if (handler === null) {
    await contents.cdp.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
    return;
  }
  try {
    const response = await handler(await requestOf(details.url, request));
    const headers: Record<string, string[]> = {};
    for (const [name, value] of response.headers) headers[name] = [...(headers[name] ?? []), value];
    const changed = await contents.session.webRequest.headers(details, headers);
    if (changed.cancel === true) {
      await contents.cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    const last = Object.fromEntries(
      Object.entries(changed.responseHeaders ?? headers).map(([name, value]) => [name, [value].flat()]),
    );
    await contents.cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status === 0 ? 200 : response.status,
      responseHeaders: contents.session.chromiumHeaders(withLocation(last)),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    });
  } catch (error) {
    // A page that went while it was answered waits for nothing.
    if (contents.isDestroyed()) return;
    note(`the handler of ${new URL(details.url).protocol} failed: ${String(error)}`);
    await contents.cdp.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }).catch(() => undefined);
  }
}

const withLocation = (headers: Record<string, string[]>): Record<string, string[]> =>
  headers['location'] === undefined ? headers : { ...headers, location: headers['location'].map(toChromium) };

async function requestOf(url: string, request: Protocol.Network.Request): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    headers.set(name, /^(?:origin|referer)$/i.test(name) ? toApp(value) : value);
  }
  const parts = request.postDataEntries?.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')) ?? [];
  const body = parts.length > 0 ? Buffer.concat(parts) : request.postData;
  return new Request(url, { method: request.method, headers, ...(body === undefined ? {} : { body }) });
}
