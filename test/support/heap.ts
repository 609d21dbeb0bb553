import type { Page } from 'playwright-core';

/**
 * Which of the texts are anywhere in a page's JavaScript heap, after a collection. The heap's snapshot is searched as it comes, so that its
 * size does not matter.
 */
export async function foundInHeap(page: Page, texts: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const longest = Math.max(...texts.map((text) => text.length));
  const found = new Set<string>();
  let tail = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    const piece = tail + chunk;
    for (const text of texts) if (piece.includes(text)) found.add(text);
    tail = piece.slice(-longest);
  });
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return [...found];
}

/** How many bytes a page's JavaScript heap holds, after a collection. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
