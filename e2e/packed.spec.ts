// What operators bring packed: archives and compressed captures, read in the browser's own storage.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/root.mjs';
import { expect, test } from './test';

const packed = (name: string) => ({
  name,
  bytes: readFileSync(join(ROOT, 'e2e', 'captures', 'packed', name)),
});

for (const archive of ['case.tar.xz', 'case.zip']) {
  test(`${archive} opens as the captures in it, and their frames can be read`, async ({
    hoplane,
  }) => {
    await hoplane.open();
    await hoplane.drop([packed(archive)]);
    await expect(hoplane.page.getByText(/1 file is no capture and was left aside/)).toBeVisible();
    await hoplane.chooseFinding(/translated back only in part/);
    await hoplane.chooseStep(1);
    await expect(hoplane.frameFile(`${archive}/case/node1/cpe.pcap`)).toBeVisible();
    await expect(hoplane.inspector).toContainText('tcp.seq_raw');
    await hoplane.clickSighting('baw', `${archive}/case/node2/baw.pcap.gz`);
    await expect(hoplane.inspector).toContainText('tcp.seq_raw');
  });
}

test('a display filter narrows the connections, and says what is wrong with it', async ({
  hoplane,
}) => {
  await hoplane.open();
  await hoplane.drop([packed('case.zip'), packed('cpe.pcap.zst')]);
  const search = hoplane.page.getByRole('combobox', { name: 'Search connections' });
  await search.fill('tcp.port == 1 && hop.lost');
  await hoplane.idle();
  await expect(hoplane.page.getByText('No connection matches', { exact: false })).toBeVisible();
  await search.fill('tcp.flags.syn == 1 && ip.dst == 172.30.0.0/16');
  await hoplane.idle();
  await expect(hoplane.connections.getByRole('row')).not.toHaveCount(0);
  await search.fill('tcp.port == eighty');
  await hoplane.idle();
  await expect(hoplane.page.getByText('“eighty” is no number')).toBeVisible();
});
