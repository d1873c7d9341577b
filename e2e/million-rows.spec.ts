// A table of a million connections, which is longer than browsers let an element be: its end, its middle and every row between can be reached, by hand and by keys.
// The rows are an engine's own answers, told a million times over: what is tried is the table.
import type { Page } from '@playwright/test';
import { expect, test } from './test';

const ROWS = 1_000_000;

/** In the page, before its scripts: rows of the connection list are repeated until there are so many, each known by its number. */
function repeatRows(rows: number): void {
  interface Asked {
    readonly name: string;
    readonly question: { readonly from: number; readonly count: number; readonly id: string };
  }
  const asked = new Map<number, Asked>();
  const strip = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/~\d+$/, '');
    return Array.isArray(value) ? value.map(strip) : value;
  };
  const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function post(this: Worker, message, ...rest: never[]) {
    const { kind, id, name, question } = message ?? {};
    if (kind !== 'ask') return send.call(this, message, ...rest);
    asked.set(id, { name, question });
    const own =
      name === 'connections'
        ? { ...question, from: 0 }
        : Array.isArray(question)
          ? strip(question)
          : question !== null && Object.getPrototypeOf(question) === Object.prototype
            ? Object.fromEntries(Object.entries(question).map(([key, one]) => [key, strip(one)]))
            : question;
    return send.call(this, { ...message, question: own }, ...rest);
  };
  const repeat = (answer: Record<string, unknown>, { from, count }: Asked['question']) => {
    const own = (answer.ids as string[]).length;
    const size = Math.min(count, rows - from);
    const pick = (_: unknown, at: number) => (from + at) % own;
    const places = Array.from({ length: size }, pick);
    for (const [key, column] of Object.entries(answer)) {
      if (Array.isArray(column) && column.length === own)
        answer[key] = places.map((place) => column[place]);
      else if (ArrayBuffer.isView(column) && (column as Uint8Array).length === own) {
        const Kind = column.constructor as Uint32ArrayConstructor;
        answer[key] = Kind.from(places.map((place) => (column as Uint32Array)[place]));
      }
    }
    answer.ids = (answer.ids as string[]).map((id, at) => `${id}~${from + at}`);
    Object.assign(answer, { from, total: rows, matched: rows });
  };
  const listen = Worker.prototype.addEventListener;
  Worker.prototype.addEventListener = function add(
    this: Worker,
    type: string,
    listener: EventListener,
    ...rest: never[]
  ) {
    const heard = (event: Event) => {
      const { data } = event as MessageEvent;
      const to = data?.kind === 'answer' ? asked.get(data.id) : undefined;
      if (to?.name === 'connections' && data.result.ok) repeat(data.result.value, to.question);
      if (to?.name === 'seekConnection' && data.result.ok && data.result.value !== null) {
        const row = /~(\d+)$/.exec(to.question.id)?.[1];
        if (row !== undefined) data.result.value.row = Number(row);
      }
      listener.call(this, event);
    };
    listen.call(this, type, type === 'message' ? heard : listener, ...rest);
  } as typeof listen;
}

/** Numbers of the first and the last row that is seen whole. */
const rowsSeen = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const scroller = document.querySelector('[data-part="connections"] table')?.parentElement;
    if (!scroller) return [];
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll<HTMLElement>('[data-row]')]
      .filter((row) => {
        const box = row.getBoundingClientRect();
        return box.top >= top + 23 && box.bottom <= bottom + 1;
      })
      .map((row) => Number(row.dataset.row));
  });

test('a million rows: the end, the middle and the next row are reached by hand and by keys', async ({
  hoplane,
  page,
}) => {
  await page.addInitScript(repeatRows, ROWS);
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.keyboard.press('w');
  await hoplane.idle();
  const table = hoplane.connections;
  await expect(table).toHaveAttribute('aria-rowcount', String(ROWS + 1));
  await table.focus();
  const current = async () =>
    Number((await table.getAttribute('aria-activedescendant'))?.split('-').at(-1));

  await page.keyboard.press('End');
  await hoplane.idle();
  expect(await current()).toBe(ROWS - 1);
  expect((await rowsSeen(page)).at(-1)).toBe(ROWS - 1);
  expect(await hoplane.currentRow()).toMatch(/tcp|udp|icmp|arp/);

  // Row by row upwards: none is left out, each is seen.
  for (let row = ROWS - 2; row > ROWS - 60; row--) {
    await page.keyboard.press('ArrowUp');
    expect(await current()).toBe(row);
  }
  await hoplane.idle();
  expect(await rowsSeen(page)).toContain(ROWS - 59);

  // Chosen far down, it stays where it is.
  await page.keyboard.press('Enter');
  await hoplane.idle();
  expect(await current()).toBe(ROWS - 59);
  await expect(table.locator(`[data-row="${ROWS - 59}"]`)).toHaveAttribute('aria-selected', 'true');

  for (const share of [0.5, 1, 0.123, 0]) {
    await table.evaluate((grid, to) => {
      const scroller = grid.parentElement as HTMLElement;
      scroller.scrollTop = to * (scroller.scrollHeight - scroller.clientHeight);
    }, share);
    await hoplane.idle();
    const seen = await rowsSeen(page);
    expect(seen.length).toBeGreaterThan(10);
    // One after the other, and filled.
    expect(seen).toEqual(seen.map((_, at) => seen[0] + at));
    expect(Math.abs(seen[0] - share * (ROWS - seen.length))).toBeLessThan(3);
    await expect(table.locator(`[data-row="${seen[0]}"]`)).toContainText(/tcp|udp|icmp|arp/);
  }

  await page.keyboard.press('Home');
  await hoplane.idle();
  expect((await rowsSeen(page))[0]).toBe(0);
  const [head] = await table.getByRole('columnheader').getByRole('button').all();
  await head.click();
  await hoplane.idle();
  await expect(table).toHaveAttribute('aria-rowcount', String(ROWS + 1));
});
