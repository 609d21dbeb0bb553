import type { Page } from 'playwright-core';

/** Drops a file of the disk on the bulk update's intake, as the system would. */
export async function dropFile(page: Page, file: string): Promise<void> {
  await page.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', id: 'given' });
    document.body.append(input);
  });
  await page.setInputFiles('#given', file);
  await page.locator('[data-step="intake"]').evaluate((element) => {
    const input = document.querySelector<HTMLInputElement>('#given');
    const dataTransfer = new DataTransfer();
    for (const one of input?.files ?? []) dataTransfer.items.add(one);
    input?.remove();
    for (const type of ['dragover', 'drop'])
      element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  });
}
