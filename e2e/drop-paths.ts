// Files from the disk let go over the page as a hand would: for tests of what the page does meanwhile, and for benches. It waits for nothing.
import type { Page } from '@playwright/test';

export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const made = document.createElement('input');
    made.type = 'file';
    made.multiple = true;
    return made;
  });
  await input.setInputFiles([...paths]);
  await input.evaluate((chosen) => {
    const dataTransfer = new DataTransfer();
    for (const file of chosen.files ?? []) dataTransfer.items.add(file);
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
      );
  });
}
