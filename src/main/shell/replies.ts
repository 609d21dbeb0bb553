import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileFor, typeOf } from './files.ts';
import { SECURITY_HEADERS } from './headers.ts';

function refusal(
  status: 403 | 404 | 405 | 500,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(words, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      ...headers,
    },
  });
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Whether the file, with every symbolic link followed, is still below the root. */
async function isBelow(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  const between = path.relative(realRoot, realFile);
  return between !== '' && between !== '..' && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between);
}

/**
 * The reply to one request of the page, from the built folder `root`: GET and HEAD alone (405), paths that can only lie below the root (403),
 * files that are there (404), never through a link that leads out of it (403). Never rejects.
 */
export async function replyTo(request: Pick<Request, 'method' | 'url'>, root: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'Method not allowed', { Allow: 'GET, HEAD' });
  }
  const file = fileFor(request.url, root);
  if (file === null) return refusal(403, 'Forbidden');
  try {
    if (!(await isBelow(root, file))) return refusal(403, 'Forbidden');
    const bytes = await readFile(file);
    const headers = {
      ...SECURITY_HEADERS,
      'Content-Type': typeOf(file),
      'Content-Length': String(bytes.byteLength),
      // A build names its assets by their content.
      'Cache-Control': /[\\/]assets[\\/]/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { status: 200, headers });
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
      ? refusal(404, 'Not found')
      : refusal(500, 'The file could not be read');
  }
}
