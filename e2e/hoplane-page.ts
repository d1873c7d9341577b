// The page as a user sees it, so that tests say what is done and not how it is found. It waits on the app's idle mark, never on time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../scripts/root.mjs';
import { dropPaths } from './drop-paths';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Buffer;
}

/** As lib/store/kept-case.ts writes it. */
interface KeptRecord {
  readonly title: string;
  readonly summary: string;
  readonly preface: string;
  readonly view: string;
  readonly notes: readonly unknown[];
  readonly analysis?: { readonly name: string } | null;
  readonly captures: readonly { readonly copy: string | null; readonly handle: unknown }[];
}

/** The captures of a sample, decompressed, as an operator has them on disk. */
export const readSample = (id: string): NamedBytes[] =>
  readFolder(join(ROOT, 'public', 'samples', id));

/** The same of a scenario with known truth that is no sample. */
export const readScenario = (id: string): NamedBytes[] =>
  readFolder(join(ROOT, 'e2e', 'captures', id));

const readFolder = (folder: string): NamedBytes[] =>
  readdirSync(folder)
    .filter((name) => /\.pcap(ng)?\.gz$/.test(name))
    .map((name) => ({
      name: name.replace(/\.gz$/, ''),
      bytes: gunzipSync(readFileSync(join(folder, name))),
    }));

export class HoplanePage {
  readonly findings: Locator;
  readonly connections: Locator;
  readonly story: Locator;
  readonly journeys: Locator;
  readonly inspector: Locator;

  constructor(readonly page: Page) {
    this.findings = page.getByRole('region', { name: 'Findings' });
    this.story = page.getByRole('region', { name: 'The story' });
    // In groups it is a tree.
    const [grid, tree] = (['grid', 'treegrid'] as const).map((role) =>
      page.getByRole(role, { name: 'Connections' }),
    );
    this.connections = grid.or(tree);
    this.journeys = page.getByRole('region', { name: 'Journeys' });
    this.inspector = page.getByRole('region', { name: 'Inspector' });
  }

  async open(fragment = ''): Promise<void> {
    await this.page.goto(`/${fragment}`);
    await this.wake();
    await this.idle();
  }

  /** The empty page is the server's drawing until a hand shows itself. */
  async wake(): Promise<void> {
    await this.page.mouse.move(2, 2);
    await this.page.mouse.move(1, 1);
  }

  /** Nothing is read, asked or computed, and what came of it is painted. */
  async idle(): Promise<void> {
    await expect(this.page.locator('html[data-idle="true"]')).toBeAttached({ timeout: 30_000 });
  }

  async drop(files: readonly NamedBytes[]): Promise<void> {
    await this.startReading(files);
    await this.idle();
  }

  /** The page with a sample in it. */
  async dropSample(scenario: string): Promise<void> {
    await this.open();
    await this.drop(readSample(scenario));
  }

  /** Drops the captures and does not wait until they are read. */
  async startReading(files: readonly NamedBytes[]): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      (dropped) => {
        const data = new DataTransfer();
        for (const { name, base64 } of dropped) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name, { lastModified: 0 }));
        }
        return data;
      },
      files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
    );
    await this.page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await expect(this.page.getByText('Drop the captures to add them')).toBeVisible();
    await this.page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  }

  /** Drops files from the disk as a hand does, and does not wait. */
  dropPaths(paths: readonly string[]): Promise<void> {
    return dropPaths(this.page, paths);
  }

  /** Drops a file or a whole folder from the disk, as the system's file manager does it. */
  async dropFromDisk(path: string): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    // A hand moves before it lets go: the first move asks whether the page takes files, the second has its answer.
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    await session.detach();
    await expect(this.page.getByText('Drop the captures to add them')).toBeHidden();
    await this.idle();
  }

  /** By the key `g`, as `file#12`. */
  async goToFrame(file: string, frame: number): Promise<void> {
    await this.page.keyboard.press('g');
    await this.page.keyboard.type(`${file}#${frame}`);
    await this.page.keyboard.press('Enter');
    await this.idle();
    await expect(this.inspector.getByRole('heading', { name: `Frame ${frame}` })).toBeVisible();
  }

  /** The row of the connection table that has the keys. */
  currentRow(): Promise<string | null> {
    return this.connections.evaluate((grid) => {
      const id = grid.getAttribute('aria-activedescendant');
      return id === null ? null : (document.getElementById(id)?.textContent ?? null);
    });
  }

  /** Heads of the connection table, left to right. */
  async columnNames(): Promise<(string | null)[]> {
    const heads = await this.connections.getByRole('columnheader').getByRole('button').all();
    return Promise.all(heads.map((head) => head.getAttribute('aria-label')));
  }

  /** What IndexedDB has of the cases. */
  keptRecords(): Promise<KeptRecord[]> {
    return this.page.evaluate(
      () =>
        new Promise<KeptRecord[]>((resolve) => {
          const open = indexedDB.open('hoplane');
          open.onsuccess = () => {
            const all = open.result.transaction('cases').objectStore('cases').getAll();
            all.onsuccess = () => resolve(all.result);
          };
        }),
    );
  }

  async keptTitles(): Promise<string[]> {
    return (await this.keptRecords()).map(({ title }) => title);
  }

  async keptView(): Promise<string> {
    return (await this.keptRecords()).map(({ view }) => decodeURIComponent(view)).join();
  }

  /** Of the one case that is kept. */
  async keptAnalysis(): Promise<string | undefined> {
    return (await this.keptRecords())[0]?.analysis?.name;
  }

  /** Names of the folders and files that the origin's private file system has of the cases. */
  keptFiles(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const cases = await root.getDirectoryHandle('cases').catch(() => null);
      const names: string[] = [];
      for await (const [folder, handle] of cases?.entries() ?? []) {
        names.push(folder);
        for await (const name of (handle as FileSystemDirectoryHandle).keys()) names.push(name);
      }
      return names;
    });
  }

  /** Turns a bit in the middle of a file of the one case that is kept. */
  async damageKept(name: string): Promise<void> {
    await this.page.evaluate(async (file) => {
      const root = await navigator.storage.getDirectory();
      const cases = await root.getDirectoryHandle('cases');
      for await (const folder of cases.values()) {
        const handle = await (folder as FileSystemDirectoryHandle).getFileHandle(file);
        const { size } = await handle.getFile();
        const at = Math.floor(size / 2);
        const byte = new Uint8Array(await (await handle.getFile()).slice(at, at + 1).arrayBuffer());
        const writable = await handle.createWritable({ keepExistingData: true });
        await writable.write({ type: 'write', position: at, data: byte.map((one) => one ^ 4) });
        await writable.close();
      }
    }, name);
  }

  /** The browser keeps the case under this title with so many notes. */
  /** With its files, which are copied after all are read. */
  async keptAs(title: string, notes: number): Promise<void> {
    const read = async () =>
      (await this.keptRecords())
        .filter(({ captures }) => captures.every(({ copy, handle }) => copy ?? handle))
        .map((one) => `${one.title}, ${one.notes.length} notes`);
    await expect.poll(read).toContain(`${title}, ${notes} notes`);
  }

  /** Writes into the filter field. */
  async search(text: string): Promise<void> {
    await this.page.keyboard.press('/');
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await this.idle();
  }

  async openSample(title: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: title }).click();
    await this.idle();
  }

  async chooseFinding(title: RegExp): Promise<void> {
    await this.findings.getByRole('button', { name: title }).click();
    await this.idle();
  }

  /** Chooses a step of the story, counted from 1; its first frame goes to the inspector. */
  async chooseStep(step: number): Promise<void> {
    await this.story
      .getByRole('listitem')
      .nth(step - 1)
      .getByRole('button')
      .first()
      .click();
    await this.idle();
  }

  async pinNote(text: string): Promise<void> {
    await this.inspector.getByRole('textbox', { name: 'Note on this frame' }).fill(text);
    await this.inspector.getByRole('button', { name: 'Pin note' }).click();
    await this.idle();
  }

  /** The fragment of the link that "Copy link" puts on the clipboard. */
  async copyLink(): Promise<string> {
    await this.page.getByRole('button', { name: 'Copy link' }).click();
    await expect(this.page.getByRole('button', { name: /^Link copied/ })).toBeVisible();
    const link = await this.page.evaluate(() => navigator.clipboard.readText());
    return new URL(link).hash;
  }

  async exportPdf(): Promise<Uint8Array> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Report' }).click();
    await this.page.getByRole('button', { name: 'Save the PDF' }).click();
    return new Uint8Array(readFileSync(await (await download).path()));
  }

  /** A lane's head. */
  lane(name: string | RegExp): Locator {
    return this.journeys
      .getByTitle(/to rename/)
      .and(this.page.getByRole('button', { name, exact: true }));
  }

  /** Names of the lanes, left to right. */
  async laneNames(): Promise<(string | null)[]> {
    const heads = await this.journeys.getByTitle(/to rename/).all();
    return Promise.all(heads.map((head) => head.getAttribute('aria-label')));
  }

  /** The journeys in view, as the swimlane tells them to a screen reader. */
  journey(words: RegExp): Locator {
    return this.journeys.getByRole('option', { name: words });
  }

  journeyTexts(): Promise<string[]> {
    return this.journeys.getByRole('option').allTextContents();
  }

  /** The inspector shows a frame of this file. */
  frameFile(file: string): Locator {
    return this.inspector.getByText(file, { exact: true });
  }

  /** Clicks down a lane of the canvas until a sighting of that file is hit. */
  async clickSighting(lane: string, file: string): Promise<void> {
    const head = await this.lane(lane).boundingBox();
    const canvas = await this.journeys.locator('canvas').last().boundingBox();
    if (head === null || canvas === null) throw new Error('The swimlane is not in view');
    const x = head.x + head.width / 2;
    for (let y = canvas.y + 4; y < canvas.y + canvas.height; y += 4) {
      await this.page.mouse.click(x, y);
      await this.idle();
      if (await this.frameFile(file).isVisible()) return;
    }
    throw new Error(`No sighting on the lane ${lane} could be clicked`);
  }

  /** What axe objects to, in lines: rule and element. `within`: a selector of the part that is looked at; a full page of packets takes it long. */
  async accessibilityFaults(within?: string): Promise<string[]> {
    const whole = new AxeBuilder({ page: this.page });
    const { violations } = await (within === undefined ? whole : whole.include(within)).analyze();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.failureSummary}`),
    );
  }
}
